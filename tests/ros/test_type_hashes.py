"""Every interop type has the hash of the package it stands in for, so that it meets its peers.

A type hash (RIHS01, REP-2016) covers names, order and types of all fields, nested ones too; DDS
peers compare it, and rmw_zenoh matches nothing without it.
Source: control_msgs 6.10.0, geometry2 0.41.9 and simulation_interfaces 1.6.1, the releases of
Kilted; hashes computed from their text by a calculator that reproduces all 174 hashes stored in
the Kilted wheels. Jazzy's differ in one family and are listed apart.
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
