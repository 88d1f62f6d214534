using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>Moves the shift β of a normalization into the bias of a product that reads it: (z + β)·W + b = z·W + (b + β·W).</summary>
internal static class ShiftFolding
{
    /// <summary>Whether the product's bias is constant, or the product has none.</summary>
    public static bool IsPossible(Graph main, WeightedLayer product) =>
        product.BiasName.Length == 0 || (main.IsConstant(product.BiasName) && product.Beta != 0);

    /// <summary>Adds β·W to the bias of the product.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="shift">The name of β.</param>
    /// <param name="product">The product, with its present weights.</param>
    /// <returns>The Add that was inserted; null if the product has a bias already, or β is zero.</returns>
    public static NodeProto? Fold(Graph main, string shift, WeightedLayer product)
    {
        var addition = Respond(main.Constant(shift).ToFloats(), product);
        if (addition.All(value => value == 0))
            return null;
        var node = product.Node;
        if (product.Operator.BiasInput is { } bias)
        {
            var scaled = Array.ConvertAll(addition, value => value * product.Alpha / product.Beta);
            AddTo(main, node, bias, scaled, product.WeightName);
            return null;
        }

        if (OwnAdd(main, node, addition.Length) is { } own)
        {
            AddTo(main, own.Node, own.Index, addition, product.WeightName);
            return null;
        }

        var result = node.Output[0];
        var inner = main.FreshName($"{result}_unshifted");
        var name = main.FreshName($"{product.WeightName}_shift");
        main.AddInitializer(Tensors.Create<float>(name, [addition.Length], [.. addition.Select(value => (float)value)]));
        main.SetOutput(node, 0, inner);
        var add = Nodes.Create("Add", [inner, name], [result], main.FreshName($"{NodeLabel.Name(node)}_shift"));
        main.InsertAfter(node, add);
        return add;
    }

    private static double[] Respond(float[] shift, WeightedLayer product)
    {
        var weights = product.Weight.ToFloats();
        var (inputs, outputs) = (shift.Length, weights.Length / shift.Length);
        var isByOutput = product.OutputAxis == 0;
        var response = new double[outputs];
        for (var i = 0; i < inputs; i++)
        for (var o = 0; o < outputs; o++)
            response[o] += (double)shift[i] * weights[isByOutput ? o * inputs + i : i * outputs + o];
        return response;
    }

    private static void AddTo(Graph main, NodeProto node, int index, double[] addition, string weight)
    {
        var old = node.InputAt(index).Length > 0 ? main.Constant(node.Input[index]) : null;
        var values = old?.ToFloats() ?? [0];
        var sums = new float[addition.Length];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = (float)(values[values.Length == 1 ? 0 : i] + addition[i]);
        var name = main.FreshName($"{weight}_bias");
        main.AddInitializer(Tensors.Create(name, old?.ElementCount() == sums.Length ? [.. old.Dims] : [sums.Length], sums));
        main.SetInput(node, index, name);
    }

    // Returns the constant that alone is added to the result of a product.
    private static ConstantUse? OwnAdd(Graph main, NodeProto product, int outputs)
    {
        var result = product.Output[0];
        if (main.IsOutputAnywhere(result) || main.Consumers(result) is not [var use] || !ReferenceEquals(use.Graph, main) || !use.Node.Is("Add"))
            return null;
        var other = use.Node.Input[0] == result ? 1 : 0;
        return main.TryGetConstant(use.Node.Input[other], out var tensor) && tensor.ElementCount() == outputs && tensor.Dims[^1] == outputs
            ? new ConstantUse(use.Node, other)
            : null;
    }
}
