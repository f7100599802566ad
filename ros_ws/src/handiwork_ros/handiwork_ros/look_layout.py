"""How what a robot sees is laid out in Rerun: space on the left; picture and calibration right."""

import rerun.blueprint as rrb

SPACE, PICTURE, CLOUD, FIGURES = "space", "space/camera", "space/points", "calibration"


def layout(base_frame: str) -> rrb.Blueprint:
    """Everything in space is drawn in the base frame."""
    return rrb.Blueprint(
        rrb.Horizontal(
            rrb.Spatial3DView(
                origin=SPACE,
                name=f"cloud and frames in {base_frame} [m]",
                spatial_information=rrb.archetypes.SpatialInformation(
                    target_frame=base_frame, show_axes=True
                ),
            ),
            rrb.Vertical(
                rrb.Spatial2DView(origin=PICTURE, name="camera"),
                rrb.TimeSeriesView(origin=FIGURES, name="calibration: mm, deg, px, views"),
                row_shares=[2, 1],
            ),
            column_shares=[3, 2],
        )
    )
