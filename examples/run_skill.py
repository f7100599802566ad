"""Let the arm push for some seconds: a client of the action that a running stack offers.

ROS_DOMAIN_ID=42 .venv/bin/handiwork up
ROS_DOMAIN_ID=42 .venv/bin/python -m handiwork_app.environment python examples/run_skill.py 20
"""

import sys

import rclpy
from builtin_interfaces.msg import Duration
from handiwork_msgs.action import RunSkill
from rclpy.action import ActionClient

with rclpy.init():
    node = rclpy.create_node("run_skill_example")
    client = ActionClient(node, RunSkill, "/widowx/run_skill")
    if not client.wait_for_server(timeout_sec=20.0):
        raise SystemExit("no stack answers on /widowx/run_skill. Start one with `handiwork up`.")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    goal = RunSkill.Goal(skill="push_t", timeout=Duration(sec=seconds))
    asked = client.send_goal_async(goal)
    rclpy.spin_until_future_complete(node, asked)
    if not asked.result().accepted:
        raise SystemExit("the skill was refused; the executor's log says why.")
    answer = asked.result().get_result_async()
    rclpy.spin_until_future_complete(node, answer)
    result = answer.result().result
    print(f"outcome {result.outcome}, {result.chunks_accepted} chunks. {result.message}")
