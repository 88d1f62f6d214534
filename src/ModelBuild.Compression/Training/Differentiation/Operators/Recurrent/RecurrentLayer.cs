using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;

/// <summary>
/// The parts that the gradients of LSTM, GRU and RNN share. The node itself computes all hidden values, so that the gates of all steps follow from them in one
/// product of matrices; only the gradients of the states need a loop over the steps.
/// </summary>
internal static class RecurrentLayer
{
    /// <summary>Returns the reason why a recurrent node has no gradient; null if it has one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="activations">The default activations of a direction, which are the supported ones.</param>
    public static string? WhyNot(GradientNode node, params string[] activations)
    {
        var given = node.Node.Attribute("activations") is { } attribute ? attribute.Strings.Select(name => name.ToStringUtf8()).ToArray() : [];
        return given.Index().Any(name => !name.Item.Equals(activations[name.Index % activations.Length], StringComparison.OrdinalIgnoreCase))
                ? "its activations are not the default ones"
            : node.Node.GetFloat("clip") != 0 ? "it clips its gates"
            : node.Node.GetInt("layout") != 0 ? "its layout is not supported"
            : null;
    }

    /// <summary>Adds the gradients of the sequence, the weights, the biases and the first hidden values.</summary>
    /// <param name="node">The node.</param>
    /// <param name="differentiate">Computes the gradients of one direction.</param>
    public static void Differentiate(GradientNode node, Func<RecurrentDirection, RecurrentGradients> differentiate)
    {
        var direction = node.Node.GetString("direction", "forward");
        var count = direction == "bidirectional" ? 2 : 1;
        var all = Enumerable
            .Range(0, count)
            .Select(index => new RecurrentDirection(node, index, count, isReverse: direction == "reverse" || index == 1))
            .Select(each => (Direction: each, Gradients: differentiate(each)))
            .ToArray();
        foreach (var (each, gradients) in all)
            if (node.Needs(0))
                node.Add(0, each.InputGradient(gradients.Inputs));
        Stack(node, 1, all.Select(each => each.Direction.InputWeightGradient(each.Gradients.Inputs)));
        Stack(node, 2, all.Select(each => each.Gradients.HiddenWeights));
        Stack(node, 3, all.Select(each => each.Direction.BiasGradient(each.Gradients)));
        Stack(node, 5, all.Select(each => each.Gradients.Hidden));
        Stack(node, 6, all.Select(each => each.Gradients.Cell).OfType<string>());
    }

    /// <summary>
    /// Returns a mask with ones for time steps that belong to a sequence and zeros for others, [steps, batch, 1]; null if all steps belong to it.
    /// </summary>
    public static string? Mask(GradientNode node)
    {
        if (!node.Has(4))
            return null;
        string Scalar(string value) => node.Emit("Squeeze", [value]);
        var steps = node.Emit(
            "Range",
            [Scalar(node.Integers(0)), Scalar(node.Emit("Shape", [node.Input(0)], ("start", 0L), ("end", 1L))), Scalar(node.Integers(1))]
        );
        var lengths = node.Emit("Cast", [node.Input(4)], ("to", (long)DataType.Int64));
        var less = node.Emit("Less", [node.Emit("Unsqueeze", [steps, node.Integers(1)]), lengths]);
        return node.Emit("Unsqueeze", [node.Emit("Cast", [less], ("to", (long)DataType.Float)), node.Integers(2)]);
    }

    private static void Stack(GradientNode node, int input, IEnumerable<string> gradients)
    {
        if (node.Needs(input))
            node.Add(input, node.Emit("Concat", gradients.Select(gradient => node.Emit("Unsqueeze", [gradient, node.Integers(0)])), ("axis", 0L)));
    }
}
