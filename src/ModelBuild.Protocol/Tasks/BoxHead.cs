namespace ModelBuild.Protocol;

/// <summary>Specifies how the outputs of a detector store objects.</summary>
internal enum BoxHead
{
    /// <summary>One output has the boxes, and another one has the scores of their classes.</summary>
    Separate,

    /// <summary>One output has the box and the scores of each grid position; its shape determines which of the YOLO layouts it has.</summary>
    Yolo,

    /// <summary>Each row has the box, the objectness and the class scores, as in YOLOv5, v6 and v7.</summary>
    YoloObjectness,

    /// <summary>Each column has the box and the class scores, as in YOLOv8, v9, v11 and v12.</summary>
    YoloClasses,

    /// <summary>Each row has the corners, the score and the class of an object that the model itself has chosen, as in YOLOv10.</summary>
    Final,

    /// <summary>Each row is like that of <see cref="YoloObjectness"/>, and the boxes are relative to cells of three grids, as in YOLOX.</summary>
    YoloX,

    /// <summary>The boxes and key points are relative to anchors of a fixed size, as in BlazeFace.</summary>
    Blaze,

    /// <summary>An output has the indices of the boxes that an operator NonMaxSuppression at the end of the model selects.</summary>
    Selected,
}
