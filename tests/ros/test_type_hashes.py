"""Every interop type has the hash of the package it stands in for, so that it meets its peers.

A type hash (RIHS01, REP-2016) covers names, order and types of all fields, nested ones too; DDS
peers compare it, and rmw_zenoh matches nothing without it.
Source: control_msgs 6.10.0, geometry2 0.41.9, simulation_interfaces 1.6.1, moveit_msgs 2.7.1,
octomap_msgs 2.0.1 and object_recognition_msgs 2.0.0, the releases of Kilted; interbotix_xs_msgs of
interbotix_ros_core and franka_msgs of franka_ros2, branches jazzy; realsense2_camera_msgs of
realsense-ros 4.58; hashes computed from their text by a calculator that reproduces all 174 hashes
stored in the Kilted wheels. Jazzy's differ in one family and are listed apart.
"""

import importlib
import json
import os
from pathlib import Path

import pytest

KILTED = {
    "control_msgs/action/FollowJointTrajectory_SendGoal": "b13789dddc325a7a962825c45e28c77d37237ec129dd0c34dc5994562938c57f",
    "control_msgs/action/FollowJointTrajectory_GetResult": "e3ceb38e3e1867c8dc0f46014df26e90eb93422f27e9e97f936e07f94be4bc8b",
    "control_msgs/action/FollowJointTrajectory_FeedbackMessage": "95618cc73912d99b9acaa17d2da5e832cb0bfdeede7534fa8ec600feca2a6c4b",
    "control_msgs/action/FollowJointTrajectory": "ff29901b2693f5deb847e96084a1c2cdb26e70b7c847be21859b70a55fb29cf0",
    "control_msgs/action/GripperCommand_SendGoal": "6bf8cc4ce80cd499e7dd3258c03c50c3fa6672b469ff8355339ef1df77fcd212",
    "control_msgs/action/GripperCommand_GetResult": "7e60a7606063d4a2728d21badac099e68b734a196ac3ab42d1d4c668eb0bb3cd",
    "control_msgs/action/GripperCommand_FeedbackMessage": "392ff03fcd872f9dc2405cbeb2897fcf011ad9998458b6aa85c603b8a49e431d",
    "control_msgs/action/GripperCommand": "e17c0e644eccf14bea84a0a93e0977182872c2eb7873ca6694900059b46dbc84",
    "control_msgs/action/ParallelGripperCommand_SendGoal": "567c37373fed1260adbe047415688c73e4f3e94b2e3982761ecc71fd63d710a7",
    "control_msgs/action/ParallelGripperCommand_GetResult": "e4c7f0e8a831ce5625ed20abcd13796406d945f92ebc7ad5972e0b0d29b381bd",
    "control_msgs/action/ParallelGripperCommand_FeedbackMessage": "c61f4cf99d06c5a3e24bed17c2910bdf66a30d89461e2ac7b5fd538a34b022cc",
    "control_msgs/action/ParallelGripperCommand": "adfd3c1ebe8abc38ebcc0e454b6423d291d4010dd5697d14eca5b9be4726ae18",
    "control_msgs/msg/GripperCommand": "57eb8f326c9889ca8bb34ead82cc94cc09bf6bc5c3b6c09546dca3a00b589890",
    "control_msgs/msg/JointComponentTolerance": "739ea7566931944d33830fa10f1bf5e7a7fbdc3172bce7a7eaac642bd6e3ffa4",
    "control_msgs/msg/JointTolerance": "c254f9cece0f3b733017b6990fd46d1326e25242d6b8844398c97d9a88e7d648",
    "control_msgs/msg/JointTrajectoryControllerState": "51d8dd89cc624cbe9daaeeb4d80d6de9b86168ffdc3be41fefc0953e3c26e480",
    "control_msgs/srv/QueryTrajectoryState": "4a0935dffef18bc5b9e101c9d03d84e681ecd4cebd724b8f11fde008751a325a",
    "tf2_msgs/msg/TF2Error": "db2485e7d6a0ec75bf087e058ee45df682acc3a621ca7780503d10aac141809a",
    "tf2_msgs/msg/TFMessage": "e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087",
    "simulation_interfaces/msg/EntityState": "2e0464a85eb80a939025075d6c20761eca6a4cb9d6baf2c0ba373467c8b598d0",
    "simulation_interfaces/msg/Result": "cf43a306adff3337a0a47143d8f5689933bc70a30478f13b077dc1fe3bc5ad17",
    "simulation_interfaces/msg/SimulationState": "bb9f87ccdd98fba113052a512d9801e84ce732d0a2b3c2b0cb281828de36e415",
    "simulation_interfaces/msg/SimulatorFeatures": "8b101c8529bc0ea3dcf056078254768f39832b9ef0adaf93bd5cea96c0de3305",
    "simulation_interfaces/srv/GetEntityState": "749c91f2a2353d98367b64f2995a0f5842ce92a08ec1ffb3e185540a91557fb5",
    "simulation_interfaces/srv/GetSimulationState": "3362dcebee4b1afebbf9c4beee5c79c1455385aded62092a892d61fde8644f30",
    "simulation_interfaces/srv/GetSimulatorFeatures": "abb9439c8cf196722a469fb6c68b44b484f198c2a1356ac38849a29c2a20a794",
    "simulation_interfaces/srv/ResetSimulation": "4ce285d7ff9b8ac70dcc95161f32bf54c05a6f4b13427990e41ab40c36c39646",
    "simulation_interfaces/srv/SetEntityState": "ca210e7d2b66629ae133c8e1edf5246e618106d75c78ed0556c0e7a33c59ee5e",
    "simulation_interfaces/srv/SetSimulationState": "a868b916dce49974f637ba252141258c4b07b0c06858b88af560e3eb6bfbcb30",
    "simulation_interfaces/srv/StepSimulation": "913fe0653690ce6bf8f09f316e6a626747012e9fca31e26719910d417aa8565c",
    "moveit_msgs/action/ExecuteTrajectory_SendGoal": "015d81df426005ebae3d5df154ff44c4ed1fdfdb501758519f97e548f56e6679",
    "moveit_msgs/action/ExecuteTrajectory_GetResult": "e7b4920e0c8f1cf69dac91689c43d9c661b8ed00bdff20a3be19391afc0f66f9",
    "moveit_msgs/action/ExecuteTrajectory_FeedbackMessage": "384150831c3b5e8ce1924e910ff68ce4cd256ffca4a59bdcbff71715e3b5b96d",
    "moveit_msgs/action/ExecuteTrajectory": "e1ed3386f275fc8cea91cc78701074f892e78e583be2f8063eea5616dd1065fc",
    "moveit_msgs/action/MoveGroup_SendGoal": "e2964f7aac611dc92a76e7b3e925a2d9e039d4f70ef348af0dbe36e8f3274527",
    "moveit_msgs/action/MoveGroup_GetResult": "730c808018e9f6d10ae073e3a7e9da365e791fe5a461c6fe269af927437969fa",
    "moveit_msgs/action/MoveGroup_FeedbackMessage": "c5b66e44e3b976db5536bf3eb773d83238c1d1d8c53ccaa7ccba28fad55fa352",
    "moveit_msgs/action/MoveGroup": "8c41d70908a2d26b564ddac31e9710f697a753bbd2a4d229542f76271daefc0b",
    "moveit_msgs/msg/AllowedCollisionEntry": "eeb7cc3f1bfdb8c778aa7454ae90037c2749dab3ca0abdfe3dad2ae8723977db",
    "moveit_msgs/msg/AllowedCollisionMatrix": "ac0159eec0d99f73158c7349c9d1c01b3dc7f749d75a2ea22e74a2a1091a9b05",
    "moveit_msgs/msg/AttachedCollisionObject": "7fdfe7951a33a857f20fc42c9ed410a38d06dd0c209ac774ecea746dc487dc41",
    "moveit_msgs/msg/BoundingVolume": "00bb0df2edac637497dedf1778d8f217187c8d9d10f41dcfccc4d8578123ef13",
    "moveit_msgs/msg/CartesianPoint": "bbb5a879e7dd5b8443c3ce8cf374c3f314522a5540b1b4104a7b470fcc6ca907",
    "moveit_msgs/msg/CartesianTrajectory": "30452179003246bb9264a44854a4b720c882f63638da8da0a9afed4f565c748d",
    "moveit_msgs/msg/CartesianTrajectoryPoint": "63b1d2ef10058a5da0931e4de777a10fdfed3972ab166c60632f4a182b7fd5ea",
    "moveit_msgs/msg/CollisionObject": "74b0acd6d56be032bf4f764b2c2633f50588b5fb2bd71e97206c59052747cf7e",
    "moveit_msgs/msg/ConstraintEvalResult": "b632ab96d68fbfd587546b1c585a3b8be0606b7de7751929653392b343039997",
    "moveit_msgs/msg/Constraints": "71718200459ae8fecdc4f2c9631215f7eba5ff686c701a32e231ba8b11b3592b",
    "moveit_msgs/msg/ContactInformation": "47c926e539a1f54729ec4a9edc568a983678beefb908841d68fbb3cff3feeecb",
    "moveit_msgs/msg/CostSource": "dd6bd4e383e102b4b7ef54e46e2f8cd4b4323a2c56370c42862bd2d3358a59f6",
    "moveit_msgs/msg/GenericTrajectory": "b38b4942aba82576ec047a9278c47785022ce66ca86d91827aba06cdc97793c6",
    "moveit_msgs/msg/JointConstraint": "4996641a8e12f5b7fde07f1cec1490324e1c4035ac5fc989ce99c9600c31e30d",
    "moveit_msgs/msg/LinkPadding": "864762d9e19f758b0385427f75691374cae830495727c96405f2bad0eb20c766",
    "moveit_msgs/msg/LinkScale": "4666a0685f26365ccf4c9bfed0b14c654604fa0564be65c221d8d54fdc7a0f83",
    "moveit_msgs/msg/MotionPlanRequest": "f82ed20da5f8f93146999c1a3cfe34b56b97fc10333b40cac69782a1210888d7",
    "moveit_msgs/msg/MotionPlanResponse": "bc0dc15c0462edc942dc45dc689cd1a1b1a64c1412002a2e8d210eff2477d62a",
    "moveit_msgs/msg/MoveItErrorCodes": "dcda8a9950cf6dd6ac221c2c0d2509f52f136afa0403dd19beacdf07e83e4a07",
    "moveit_msgs/msg/ObjectColor": "4f937f7b22942a9c4a6409c20255aaad1b5d9a003ae3c0edb779698be443c127",
    "moveit_msgs/msg/OrientationConstraint": "7a1917ac47886eb1fc170317952198b203bb797f07270475a7bbaf692cad2871",
    "moveit_msgs/msg/PlanningOptions": "2570a8ed681162d1d3afbce3a8e7ff2b6fd519676d13cf952e0a388072b255db",
    "moveit_msgs/msg/PlanningScene": "0f58540ad5eab4b9ea827d53b763c793d8cabd202b3b301fcee25afa4ce1bd80",
    "moveit_msgs/msg/PlanningSceneComponents": "76b77cb53f7a0b680d46fad6c0056d3710a74ec335dd5f361f3df62383313d69",
    "moveit_msgs/msg/PlanningSceneWorld": "e08e6a4a81ca6b6a6953ac758dadc2c949555093efea6a9a22d9accf62c2c099",
    "moveit_msgs/msg/PositionConstraint": "3758504dabfe337a1a660b29917e3405e5e858fdd6e9976edba04275396523df",
    "moveit_msgs/msg/PositionIKRequest": "200709be614f71f4d11d0bdd672785db28d27f7a10b516d9b961706a0c7f6d7d",
    "moveit_msgs/msg/RobotState": "7c516dc15713e545cb2836c5ca745fbdcfcc10de4855a41c83e6b4bf1afc3f83",
    "moveit_msgs/msg/RobotTrajectory": "af1dc87fb94d13e5f233e9c210d2662fa06143a8b3c6aec47c57ad45074fcce8",
    "moveit_msgs/msg/TrajectoryConstraints": "4975a7925aa917c5af450713fcb8bdbc19c666d0c336a5f27056733bf8fc65f8",
    "moveit_msgs/msg/VisibilityConstraint": "2b479935307de421623221520ee5d9ffab494af7f4b1945114fc7e4831856c75",
    "moveit_msgs/msg/WorkspaceParameters": "5001636b05e9fef44faf0220f88552cab9954e55dd3ab51075f448e9aa59186e",
    "moveit_msgs/srv/ApplyPlanningScene": "8e6134783db0987c0acedbfd2f16f608a8f7a54e83a7bbb372e851af419f4d72",
    "moveit_msgs/srv/GetCartesianPath": "b19f501df5d378141d918199894c3ad24533e76021a880b15dc5d62fec8d7b1a",
    "moveit_msgs/srv/GetMotionPlan": "0e118e1d8d53d5fea8eea309fc06a58239fa0e617864127e7de8399ab7335b27",
    "moveit_msgs/srv/GetPlanningScene": "7ed7e96238b902174d985b0eb739ea08c95377e8e46a6a9014c22497faf79cd2",
    "moveit_msgs/srv/GetPositionFK": "2f16ec361a135d84b85a29385abeb9eeb025e39c09038bd6b2826645edc7edad",
    "moveit_msgs/srv/GetPositionIK": "054ed6f6f71a09b01b5246c5d80beb4dacc6f444f58df039849c76292933e9e3",
    "moveit_msgs/srv/GetStateValidity": "e9fcd24ae0fd8c2f16d4afe397efaf03427d1f899fe91ecf6cb7f7f1c6ca8720",
    "object_recognition_msgs/msg/ObjectType": "5eb3ee3976403366d7c50d7dbee8bec96b3bced1e752674a7194a35841632134",
    "octomap_msgs/msg/Octomap": "9891a19a05b70ec20aa8f45db3f8300b9ab80afff32c61c549d25087da9625b0",
    "octomap_msgs/msg/OctomapWithPose": "e65f8760aa96a2acef86b6d206175cfc78420082b6159dd3fa6ebf93f5f81979",
    "interbotix_xs_msgs/msg/JointGroupCommand": "c43821d89bd439eeca1db1f2b48778277e465bde9daad1b0839077bcfbdb3e3b",
    "interbotix_xs_msgs/msg/JointSingleCommand": "ed9575e22584aa1f25c9e13a546641d38066caa37454ced810f165d66d842e4d",
    "interbotix_xs_msgs/srv/OperatingModes": "006b1919361b253d5209ffd72af5bccde63077414cd486f5bf6c5d0c7d4fcfcf",
    "interbotix_xs_msgs/srv/Reboot": "c892fd6da07e6769f6e5b5a702d0febd37da6c625f0a6c8931cc5d1804d42c2e",
    "interbotix_xs_msgs/srv/RegisterValues": "5c08210e4c4eed0f54076dc65f207c4167f8f21721d3cd4e55fe850c98df418d",
    "interbotix_xs_msgs/srv/RobotInfo": "6ec9c54cdd4045e906ae53d4ac3c6c086688da1c03b89309c390d68a49592972",
    "interbotix_xs_msgs/srv/TorqueEnable": "a1f771ba053ecafffab1f663f68ad554f7daf86d83ce2a5c512a8905356a678b",
    "franka_msgs/action/ErrorRecovery_SendGoal": "13076a484e1eced64306c5da75b90ce458e90260a4f06ddfd6b0687d9b66222e",
    "franka_msgs/action/ErrorRecovery_GetResult": "cd4ca7600294f5f0475401fca967b23e92ac128bee4fdc2c62b06ac4d6a67188",
    "franka_msgs/action/ErrorRecovery_FeedbackMessage": "9aa39d034b40daa2fda2c313f086a9446e068705a8022d0fab2bb5b5e7edaf0e",
    "franka_msgs/action/ErrorRecovery": "6c5dbf0517672f7127a92796e6a162d096e286c26f88c96177cb4c5448dfc5f5",
    "realsense2_camera_msgs/msg/Extrinsics": "5b651f221fc70fae909dda72e6c0470805a1860616ab829d88858482343dc65a",
}
JAZZY = KILTED | {
    "control_msgs/action/FollowJointTrajectory_FeedbackMessage": "80398fcb9674a79081a9906e2ccf0c804dd7cb15e22e362e606ee87186beab71",
    "control_msgs/action/FollowJointTrajectory": "738ebcb7a2d7cfa42f9f1001cc99ce3a4383d1cfe508015d9be8485e4b1c66f6",
}
EXPECTED = JAZZY if os.environ.get("ROS_DISTRO") == "jazzy" else KILTED
INTEROP = Path(__file__).parents[2] / "ros_ws/src/interop"
PARTS = ("_SendGoal", "_GetResult", "_FeedbackMessage")


def built_description(type_name: str) -> Path:
    """The description that rosidl generated for a type, in the first workspace that has it."""
    prefixes = os.environ["AMENT_PREFIX_PATH"].split(os.pathsep)
    files = [Path(prefix, "share", f"{type_name}.json") for prefix in prefixes]
    found = [file for file in files if file.is_file()]
    assert found, f"{type_name} is built in none of {prefixes}. Run `make setup`."
    return found[0]


def whole_type(type_name: str) -> str:
    """The type that a name is a part of: an action's goal service belongs to the action."""
    return next(
        (type_name.removesuffix(part) for part in PARTS if type_name.endswith(part)), type_name
    )


def interop_types() -> list[str]:
    """Every type that ros_ws/src/interop defines, as package/kind/Name."""
    files = [
        file for kind in ("msg", "srv", "action") for file in INTEROP.glob(f"*/{kind}/*.{kind}")
    ]
    return sorted(str(file.relative_to(INTEROP).with_suffix("")) for file in files)


@pytest.mark.parametrize("type_name", EXPECTED)
def test_the_hash_is_that_of_the_original(type_name: str):
    built = json.loads(built_description(whole_type(type_name)).read_text())["type_hashes"]
    hashes = {row["type_name"]: row["hash_string"] for row in built}
    assert hashes[type_name] == f"RIHS01_{EXPECTED[type_name]}"


def test_the_table_names_every_interop_type():
    assert sorted({whole_type(name) for name in EXPECTED}) == interop_types()


@pytest.mark.parametrize("type_name", interop_types())
def test_the_type_is_there_for_python(type_name: str):
    package, kind, name = type_name.split("/")
    imported = getattr(importlib.import_module(f"{package}.{kind}"), name)
    # Loads the C libraries: a type without them imports, but cannot travel.
    imported.__import_type_support__()
    assert imported._TYPE_SUPPORT is not None


@pytest.mark.parametrize(
    "type_name",
    sorted(
        f"handiwork_msgs/{file.parent.name}/{file.stem}"
        for file in (INTEROP.parent / "handiwork_msgs").glob("[msa]*/*.*")
        if file.suffix in (".msg", ".srv", ".action")
    ),
)
def test_our_own_type_is_there_for_python(type_name: str):
    test_the_type_is_there_for_python(type_name)
