using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Products;

/// <summary>
/// The gradient of Einsum: the gradient of an input is an Einsum of the gradient of the output and the other inputs. Axes that occur in no other input and not
/// in the output are repeated, and axes along which the input was broadcast are summed.
/// </summary>
internal sealed class EinsumGradient : IGradient
{
    public string? WhyNot(GradientNode node)
    {
        var equation = Parse(node);
        return equation.HasDiagonal ? "a letter of its equation stands twice in one input"
            : Enumerable.Range(0, node.InputCount).Any(input => !IsBroadcastKnown(node, equation, input)) ? "the sizes of broadcast axes are not known"
            : null;
    }

    public void Differentiate(GradientNode node)
    {
        var equation = Parse(node);
        for (var input = 0; input < node.InputCount; input++)
            if (node.Needs(input))
                node.Add(input, InputGradient(node, equation, input));
    }

    private static string InputGradient(GradientNode node, EinsumEquation equation, int input)
    {
        int[] others = [.. Enumerable.Range(0, node.InputCount).Where(other => other != input)];
        var own = equation.Inputs[input];
        var available = string.Concat(others.Select(other => equation.Inputs[other])) + equation.Output;
        var kept = own.Where((letter, axis) => available.Contains(letter, StringComparison.Ordinal) && !IsBroadcast(node, equation, input, axis)).ToArray();
        var terms = string.Join(',', others.Select(other => equation.Inputs[other]).Prepend(equation.Output));
        var product = node.Emit("Einsum", [node.Gradient(), .. others.Select(node.Input)], ("equation", $"{terms}->{new string(kept)}"));
        if (kept.Length == own.Length)
            return product;
        var missing = node.Integers(own.Index().Where(letter => !kept.Contains(letter.Item)).Select(letter => (long)letter.Index));
        return node.Emit("Expand", [node.Emit("Unsqueeze", [product, missing]), node.ShapeOf(node.Input(input))]);
    }

    private static EinsumEquation Parse(GradientNode node) =>
        EinsumEquation.Parse(node.Node.GetString("equation"), [.. Enumerable.Range(0, node.InputCount).Select(input => node.Rank(node.Input(input)))]);

    private static bool IsBroadcast(GradientNode node, EinsumEquation equation, int input, int axis) =>
        node.Sizes(node.Input(input))[axis] == 1 && Places(node, equation, equation.Inputs[input][axis]).Any(place => place.Size != 1);

    // Returns whether it is known for each axis of an input whether the operator broadcasts the axis. This is not known for an axis of unknown size, unless the
    // axis has a letter in the equation, or each corresponding axis has the size 1 or the same symbol.
    private static bool IsBroadcastKnown(GradientNode node, EinsumEquation equation, int input) =>
        equation
            .Inputs[input]
            .Index()
            .All(letter =>
                node.Sizes(node.Input(input))[letter.Index] >= 0
                || IsNamed(node, letter.Item)
                || Places(node, equation, letter.Item).All(place => place.Size == 1 || node.AreEqual(node.Input(input), letter.Index, place.Value, place.Axis))
            );

    // Returns whether an axis has a letter in the equation. Axes with the same letter are equal, so only axes of an ellipsis are broadcast.
    private static bool IsNamed(GradientNode node, char letter) => node.Node.GetString("equation").Contains(letter, StringComparison.Ordinal);

    private static IEnumerable<(string Value, int Axis, long Size)> Places(GradientNode node, EinsumEquation equation, char letter) =>
        from input in Enumerable.Range(0, node.InputCount)
        let axis = equation.Inputs[input].IndexOf(letter, StringComparison.Ordinal)
        where axis >= 0
        select (node.Input(input), axis, node.Sizes(node.Input(input))[axis]);
}
