namespace ModelBuild.Protocol;

/// <summary>Represents the outputs of a model that a description of boxes refers to, by index.</summary>
/// <param name="Boxes">The outputs with boxes, whose rows follow each other.</param>
/// <param name="Scores">The outputs with scores, one for each output with boxes; empty if the boxes have their scores beside them.</param>
/// <param name="Classes">The output with the class of each box; -1 if there is none.</param>
/// <param name="Selected">The output with the selected indices; -1 if there is none.</param>
/// <param name="Masks">The output with the prototypes of masks; -1 if there is none.</param>
internal sealed record BoxOutputs(IReadOnlyList<int> Boxes, IReadOnlyList<int> Scores, int Classes, int Selected, int Masks)
{
    private const int BoxNumbers = 4;

    /// <summary>Finds the outputs of boxes by the names of the description, or by their shapes.</summary>
    /// <param name="description">The description.</param>
    /// <param name="outputs">The outputs of the model.</param>
    /// <exception cref="FormatException">An output is missing, or it has another type or shape. The message lists the outputs of the model.</exception>
    public static BoxOutputs Find(BoxDescription description, IReadOnlyList<DescribedValue> outputs)
    {
        var isBesideBoxes = description.Head is not (BoxHead.Separate or BoxHead.Selected or BoxHead.Blaze);
        var boxes = description.BoxOutputs.Count > 0 ? Named(description.BoxOutputs, outputs) : FindBoxes(description.Head, outputs);
        int[] scores =
            isBesideBoxes ? []
            : description.ScoreOutputs.Count > 0 ? Named(description.ScoreOutputs, outputs)
            : FindScores(boxes, outputs);
        var found = new BoxOutputs(
            boxes,
            scores,
            Named(description.ClassOutput, outputs),
            Named(description.SelectedOutput, outputs),
            description.MaskOutput is null && isBesideBoxes
                ? Index(outputs, output => output is { IsFloat: true, Rank: 4 })
                : Named(description.MaskOutput, outputs)
        );
        foreach (var index in boxes.Concat(scores))
            if (!outputs[index].IsFloat)
                throw new FormatException($"boxes and scores are outputs of float32 or float16, and the model has {outputs[index]}.");
        if (!isBesideBoxes)
            RequirePairs(description.Head, [.. boxes.Select(index => outputs[index])], [.. scores.Select(index => outputs[index])]);
        return found;
    }

    private static int[] FindBoxes(BoxHead head, IReadOnlyList<DescribedValue> outputs)
    {
        var found = head switch
        {
            BoxHead.Blaze => [.. Indices(outputs, output => output.Rank == 3 && output.FromEnd(1) > BoxNumbers)],
            // An output with "box" in its name is preferred, because the scores of four classes have the same shape as boxes.
            BoxHead.Separate or BoxHead.Selected => Indices(outputs, output => output.Rank is 2 or 3 && output.FromEnd(1) == BoxNumbers)
                .OrderBy(index => outputs[index].Name.IndexOf("box", StringComparison.OrdinalIgnoreCase) < 0)
                .Take(1)
                .ToArray(),
            BoxHead.Final => Indices(outputs, output => output.Rank is 2 or 3).Take(1).ToArray(),
            _ => Indices(outputs, output => output.Rank == 3).Take(1).ToArray(),
        };
        return found.Length > 0
            ? found
            : throw new FormatException(
                $"no output of the model has the shape of boxes. It has {List(outputs)}. Name the output, such as 'boxes={Name(outputs)}'."
            );
    }

    // Finds the outputs with scores, which have the same order as the outputs with boxes.
    private static int[] FindScores(int[] boxes, IReadOnlyList<DescribedValue> outputs)
    {
        var others = Indices(outputs, output => output.Rank is 1 or 2 or 3).Except(boxes).ToArray();
        return others.Length >= boxes.Length
            ? others.Take(boxes.Length).ToArray()
            : throw new FormatException(
                $"no output of the model has scores beside the boxes. It has {List(outputs)}. Name it, such as 'scores={Name(outputs)}'."
            );
    }

    private static void RequirePairs(BoxHead head, DescribedValue[] boxes, DescribedValue[] scores)
    {
        for (var i = 0; i < boxes.Length; i++)
        {
            var numbers = boxes[i].FromEnd(1);
            if (numbers != 0 && (head == BoxHead.Blaze ? numbers < BoxNumbers : numbers != BoxNumbers))
                throw new FormatException($"a box has {BoxNumbers} numbers, and the model has {boxes[i]}.");
            if (head == BoxHead.Selected || boxes[i].Rank is null || scores[i].Rank is null)
                continue;
            var count = scores[i].FromEnd(scores[i].Rank == boxes[i].Rank ? 2 : 1);
            if (count != 0 && boxes[i].FromEnd(2) != 0 && count != boxes[i].FromEnd(2))
                throw new FormatException($"each box has its scores, and the model has {boxes[i]} and {scores[i]}.");
        }
    }

    private static int[] Named(IReadOnlyList<string> names, IReadOnlyList<DescribedValue> outputs) => [.. names.Select(name => Named(name, outputs))];

    private static int Named(string? name, IReadOnlyList<DescribedValue> outputs)
    {
        if (name is null)
            return -1;
        return Index(outputs, output => output.Name == name) is >= 0 and var index
            ? index
            : throw new FormatException(
                $"the model has no output '{name}'.{NearestName.Hint(name, outputs.Select(output => output.Name))} It has {List(outputs)}."
            );
    }

    private static int Index(IReadOnlyList<DescribedValue> outputs, Func<DescribedValue, bool> matches) =>
        Indices(outputs, matches) is { Length: > 0 } indices ? indices[0] : -1;

    private static int[] Indices(IReadOnlyList<DescribedValue> outputs, Func<DescribedValue, bool> matches) =>
        [.. Enumerable.Range(0, outputs.Count).Where(index => matches(outputs[index]))];

    private static string Name(IReadOnlyList<DescribedValue> outputs) => outputs.Count > 0 ? outputs[0].Name : "output0";

    private static string List(IReadOnlyList<DescribedValue> outputs) => string.Join(", ", outputs);
}
