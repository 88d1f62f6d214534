namespace ModelBuild.Protocol;

/// <summary>
/// Reads the description of a detector's outputs, such as <c>yolo threshold(0.25) nms(0.45)</c> or <c>boxes=boxes scores=scores threshold(0.7)</c>. The layout
/// is the first word. All other steps may be in any order.
/// </summary>
internal static class BoxDescriptionParser
{
    private const int MaxCount = 1_000_000;
    private const int MaxStride = 4096;

    private static readonly BoxDescription _yolo = new() { Head = BoxHead.Yolo, Form = BoxForm.Center };

    private static readonly Dictionary<string, BoxDescription> _heads = new(StringComparer.Ordinal)
    {
        ["yolo"] = _yolo,
        ["yolov5"] = _yolo with { Head = BoxHead.YoloObjectness },
        ["yolov8"] = _yolo with { Head = BoxHead.YoloClasses },
        ["yolov10"] = _yolo with { Head = BoxHead.Final, Form = BoxForm.Corners, MaxOverlap = null },
        ["yolox"] = _yolo with { Head = BoxHead.YoloX, Strides = [8, 16, 32] },
        ["detr"] = new()
        {
            Form = BoxForm.Center,
            IsRelative = true,
            Scores = BoxScores.Softmax,
            Background = BoxBackground.Last,
            MaxOverlap = null,
        },
        ["blaze"] = new()
        {
            Head = BoxHead.Blaze,
            Form = BoxForm.Center,
            Scores = BoxScores.Sigmoid,
            Strides = [8, 16, 16, 16],
            Threshold = 0.5f,
            MaxOverlap = 0.3f,
        },
    };

    private static readonly Dictionary<string, Func<BoxDescription, BoxDescription>> _words = new(StringComparer.Ordinal)
    {
        ["corners"] = description => description with { Form = BoxForm.Corners },
        ["yx-corners"] = description => description with { Form = BoxForm.CornersYFirst },
        ["center"] = description => description with { Form = BoxForm.Center },
        ["size"] = description => description with { Form = BoxForm.Size },
        ["relative"] = description => description with { IsRelative = true },
        ["pixels"] = description => description with { IsRelative = false },
        ["probabilities"] = description => description with { Scores = BoxScores.Probabilities },
        ["sigmoid"] = description => description with { Scores = BoxScores.Sigmoid },
        ["softmax"] = description => description with { Scores = BoxScores.Softmax },
    };

    private static readonly Dictionary<string, BoxBackground> _backgrounds = new(StringComparer.Ordinal)
    {
        ["first"] = BoxBackground.First,
        ["last"] = BoxBackground.Last,
        ["none"] = BoxBackground.None,
    };

    private static readonly string[] _forms = ["corners", "yx-corners", "center", "size"];
    private static readonly string[] _steps = ["background", "threshold", "nms", "limit", "points", "strides"];
    private static readonly string[] _outputs = ["boxes", "scores", "classes", "selected", "masks"];

    /// <summary>Reads the description of a detector's outputs.</summary>
    /// <exception cref="DescriptionException">The text is not a description of boxes.</exception>
    public static BoxDescription Parse(string text)
    {
        var steps = new DescriptionReader(text).ReadSteps();
        var description = new BoxDescription { IsRelative = true };
        if (steps.Count > 0 && _heads.TryGetValue(steps[0].Name, out var head) && steps[0] is { Arguments: null, Value: null })
            (description, steps) = (head, [.. steps.Skip(1)]);
        else if (!steps.Any(step => step.Name == "boxes" && step.Value is not null))
            throw new DescriptionException(
                text,
                steps.Count > 0 ? steps[0].Position : 0,
                "The first word is a layout, or outputs are named as 'boxes=NAME scores=NAME'."
                    + (steps.Count > 0 ? NearestName.Hint(steps[0].Name, _heads.Keys) : "")
                    + $" The layouts are {List(_heads.Keys)}."
            );
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (!names.Add(step.Name))
                throw new DescriptionException(text, step.Position, $"'{step.Name}' is given twice.");
            description = Add(text, description, step);
        }

        // If the description names no box form, the order of the operator NonMaxSuppression is used, which has the top side first unless its attribute
        // center_point_box is 1.
        if (description.Head == BoxHead.Selected && !names.Overlaps(_forms))
            description = description with { Form = BoxForm.CornersYFirst };
        return Complete(text, description);
    }

    private static BoxDescription Add(string text, BoxDescription description, DescriptionStep step)
    {
        if (step.Value is not null)
            return SetOutput(text, description, step);
        if (_words.TryGetValue(step.Name, out var change))
            return step.Arguments is null ? change(description) : throw new DescriptionException(text, step.Position, $"'{step.Name}' has no arguments.");
        if (_steps.Contains(step.Name))
            return SetStep(text, description, step);
        throw new DescriptionException(
            text,
            step.Position,
            _heads.ContainsKey(step.Name) ? $"'{step.Name}' is a layout, which stands at the front, once and without arguments."
                : _outputs.Contains(step.Name) ? $"'{step.Name}' names an output, such as '{step.Name}=output0'."
                : $"'{step.Name}' is not a step.{NearestName.Hint(step.Name, [.. _words.Keys, .. _steps, .. _heads.Keys])} "
                    + $"The steps are {List([.. _words.Keys, .. _steps])}, and {List(_outputs)} name outputs."
        );
    }

    private static BoxDescription SetOutput(string text, BoxDescription description, DescriptionStep step)
    {
        var names = step.Value!.Split(',');
        if (names.Contains(""))
            throw new DescriptionException(text, step.Position, $"'{step.Name}' names an output, or several with a comma and no space between them.");
        if (names.Length > 1 && step.Name is not ("boxes" or "scores"))
            throw new DescriptionException(text, step.Position, $"'{step.Name}' names one output, and '{step.Value}' are {names.Length}.");
        return step.Name switch
        {
            "boxes" => description with { BoxOutputs = names },
            "scores" => description with { ScoreOutputs = names },
            "classes" => description with { ClassOutput = names[0] },
            "selected" => description with { SelectedOutput = names[0], Head = BoxHead.Selected },
            "masks" => description with { MaskOutput = names[0] },
            _ => throw new DescriptionException(
                text,
                step.Position,
                $"'{step.Name}' does not name an output.{NearestName.Hint(step.Name, _outputs)} The names are {List(_outputs)}."
            ),
        };
    }

    private static BoxDescription SetStep(string text, BoxDescription description, DescriptionStep step)
    {
        var arguments = step.Required(text, Example(step.Name));
        if (arguments.FirstOrDefault(argument => argument.Name is not null) is { } named)
            throw new DescriptionException(text, named.Position, $"'{step.Name}' has no argument with a name, so '{named.Name}=' is not possible.");
        var most = step.Name is "nms" or "points" ? 2 : 1;
        if (arguments.Count > most && step.Name != "strides")
            throw new DescriptionException(text, arguments[most].Position, $"'{step.Name}' has too many arguments. It is written as '{Example(step.Name)}'.");
        var first = arguments[0];
        switch (step.Name)
        {
            case "background":
                return _backgrounds.TryGetValue(first.Value, out var background)
                    ? description with
                    {
                        Background = background,
                    }
                    : throw new DescriptionException(text, first.Position, $"The background is one of {List(_backgrounds.Keys)}, not '{first.Value}'.");
            case "threshold":
                return description with { Threshold = Share(text, first) };
            case "nms":
                if (arguments.Count == 2 && arguments[1].Value != "all")
                    throw new DescriptionException(
                        text,
                        arguments[1].Position,
                        $"'nms(0.5,all)' removes boxes across classes; '{arguments[1].Value}' is unknown."
                    );
                return description with { MaxOverlap = first.Value == "none" ? null : Share(text, first), IsAcrossClasses = arguments.Count == 2 };
            case "limit":
                return description with { Limit = first.Integer(text, "limit", 1, MaxCount) };
            case "points":
                return description with
                {
                    Points = first.Integer(text, "number of points", 1, MaxCount),
                    PointValues = arguments.Count == 2 ? arguments[1].Integer(text, "number of values of a point", 2, 3) : 2,
                };
            default:
                return description with { Strides = [.. arguments.Select(argument => argument.Integer(text, "stride", 1, MaxStride))] };
        }
    }

    private static BoxDescription Complete(string text, BoxDescription description)
    {
        if (description.Strides.Count > 0 && description.Head is not (BoxHead.YoloX or BoxHead.Blaze))
            throw new DescriptionException(text, 0, "'strides' belongs to the layouts 'yolox' and 'blaze'.");
        if (description.Points > 0 && description.Head is BoxHead.Separate or BoxHead.Selected)
            throw new DescriptionException(text, 0, "'points' belongs to the layouts of YOLO and 'blaze', whose rows have points after the box.");
        if (description.ScoreOutputs.Count > 0 && description.BoxOutputs.Count != description.ScoreOutputs.Count)
            throw new DescriptionException(
                text,
                0,
                $"'boxes' names {description.BoxOutputs.Count} outputs and 'scores' {description.ScoreOutputs.Count}. "
                    + "Each output with boxes has one with scores."
            );
        return description;
    }

    private static float Share(string text, DescriptionArgument argument) =>
        argument.Number(text) is >= 0 and <= 1 and var share
            ? (float)share
            : throw new DescriptionException(text, argument.Position, $"'{argument.Value}' is not a number from 0 to 1.");

    private static string Example(string step) =>
        step switch
        {
            "background" => "background(first)",
            "threshold" => "threshold(0.25)",
            "nms" => "nms(0.45)",
            "limit" => "limit(300)",
            "points" => "points(17,3)",
            _ => "strides(8,16,32)",
        };

    private static string List(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));
}
