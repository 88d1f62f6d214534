namespace ModelBuild.Protocol;

/// <summary>Describes the layout of the numbers in an output of a YOLO model.</summary>
/// <param name="Head">The layout, which is never <see cref="BoxHead.Yolo"/>.</param>
/// <param name="HasPlacesLast">Whether the last dimension counts the places, so that the numbers of a place are not neighbours.</param>
/// <param name="Numbers">The count of numbers of a place.</param>
/// <param name="Classes">The count of classes.</param>
/// <param name="MaskNumbers">The count of coefficients of a mask.</param>
internal sealed record YoloLayout(BoxHead Head, bool HasPlacesLast, int Numbers, int Classes, int MaskNumbers)
{
    private const int BoxNumbers = 4;
    private const int MaxFinal = 1000;

    // The number of places in a square of 32 × 32 pixels: grids of 8, 16 and 32 pixels have 16, 4 and 1 places in it. Each place has one or three boxes.
    private const int GridPlaces = 21;

    /// <summary>Gets the index of the first class score.</summary>
    public int FirstScore => Head == BoxHead.YoloClasses ? BoxNumbers : BoxNumbers + 1;

    /// <summary>Finds the layout of an output with two dimensions for each image.</summary>
    /// <param name="description">The description.</param>
    /// <param name="rows">The first of the two sizes.</param>
    /// <param name="columns">The second of the two sizes.</param>
    /// <param name="labels">The number of labels; 0 if there are none.</param>
    /// <param name="masks">The number of prototypes of masks; 0 if there are none.</param>
    /// <exception cref="FormatException">The sizes do not fit the layout of the description or the labels.</exception>
    public static YoloLayout Find(BoxDescription description, int rows, int columns, int labels, int masks)
    {
        var hasPlacesLast = columns > rows && description.Head != BoxHead.Final;
        var numbers = hasPlacesLast ? rows : columns;
        var points = description.Points * description.PointValues;
        // With one label, a place of a grid with an objectness has as many numbers as an object with a class. In this case the number of rows differs from that
        // of every grid.
        var isFinal =
            !hasPlacesLast && rows <= MaxFinal && numbers == BoxNumbers + 2 + points + masks && (labels != 1 + points + masks || rows % GridPlaces != 0);
        var head =
            description.Head != BoxHead.Yolo ? description.Head
            : isFinal ? BoxHead.Final
            : hasPlacesLast ? BoxHead.YoloClasses
            : BoxHead.YoloObjectness;
        if (head == BoxHead.Final)
            return numbers is BoxNumbers + 3 || numbers == BoxNumbers + 2 + points + masks
                ? new YoloLayout(head, hasPlacesLast, numbers, 0, masks)
                : throw new FormatException($"an object has {BoxNumbers + 2 + points + masks} numbers in this layout, and the output has {rows}x{columns}.");
        var classes = numbers - (head == BoxHead.YoloClasses ? BoxNumbers : BoxNumbers + 1) - points - masks;
        if (classes < (head == BoxHead.YoloClasses ? 1 : 0))
            throw new FormatException(
                $"a place of the output has {numbers} numbers ({rows}x{columns}), which are too few for a box, scores{Rest(points, masks)}."
            );
        if (labels > 0 && classes != labels && !(classes == 0 && labels == 1))
            throw new FormatException(
                $"a place of the output has {numbers} numbers ({rows}x{columns}): "
                    + $"{classes} scores beside the box{Rest(points, masks)}, and there are {labels} labels."
                    + (classes > labels && points == 0 ? " A model of key points needs 'points(n)'." : "")
            );
        return new YoloLayout(head, hasPlacesLast, numbers, classes, masks);
    }

    private static string Rest(int points, int masks) => (points > 0 ? ", points" : "") + (masks > 0 ? ", a mask" : "");
}
