namespace ModelBuild.Protocol;

/// <summary>Specifies how the outputs of a detector store objects.</summary>
internal enum BoxHead
{
    /// <summary>One output has the boxes, another one the scores of their classes.</summary>
    Separate,

    /// <summary>One output has the box and the scores of each grid position; its shape determines which of the YOLO layouts it has.</summary>
    Yolo,

    /// <summary>Box, objectness and class scores in each row, as YOLOv5, v6 and v7.</summary>
    YoloObjectness,

    /// <summary>Box and class scores in each column, as YOLOv8, v9, v11 and v12.</summary>
    YoloClasses,

    /// <summary>Corners, score and class in each row, as YOLOv10: the model has chosen the objects itself.</summary>
    Final,

    /// <summary>As <see cref="YoloObjectness"/>, with boxes relative to cells of three grids, as YOLOX.</summary>
    YoloX,

    /// <summary>Boxes and key points relative to anchors of a fixed size, as BlazeFace.</summary>
    Blaze,

    /// <summary>The indices that an operator NonMaxSuppression at the end of the model selects.</summary>
    Selected,
}
