using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>Moves a constant vector c that is added to the input of a product into the product's bias: (x + c)·W + b = x·W + (b + c·W).</summary>
internal static class ShiftFolding
{
    /// <summary>Returns whether a constant can be moved into the product's bias: the bias is constant, or the product has none.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="product">A MatMul or Gemm with weights of two axes.</param>
    public static bool IsPossible(Graph main, WeightedLayer product) =>
        product.BiasName.Length == 0 || (main.IsConstant(product.BiasName) && product.Beta != 0);

    /// <summary>Returns whether the product has a constant bias, as its own input or in an Add after it.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="product">A MatMul or Gemm with weights of two axes.</param>
    public static bool HasBias(Graph main, WeightedLayer product) =>
        product.BiasName.Length > 0 ? IsPossible(main, product) : product.Operator.BiasInput is null && OwnAdd(main, product) is not null;

    /// <summary>Adds the contribution c·W of a constant vector c to the bias of the product.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="shift">The vector c.</param>
    /// <param name="product">The product, with its present weights.</param>
    /// <returns>The Add that was inserted; null if the product has a bias already, or c·W is zero.</returns>
    public static NodeProto? Fold(Graph main, ReadOnlySpan<double> shift, WeightedLayer product)
    {
        var addition = Respond(shift, product);
        if (addition.All(value => value == 0))
            return null;
        if (product.Operator.BiasInput is { } bias)
        {
            Add(main, new ConstantUse(product.Node, bias), Array.ConvertAll(addition, value => value * product.Alpha / product.Beta));
            return null;
        }

        if (OwnAdd(main, product) is not { } own)
            return Insert(main, addition, product);
        Add(main, own, addition);
        return null;
    }

    /// <summary>Adds a vector to a constant of a node, which gets its own copy. An input that is left out is created.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="use">The constant: one number, or one for each element of the vector.</param>
    /// <param name="addition">The vector.</param>
    public static void Add(Graph main, ConstantUse use, ReadOnlySpan<double> addition)
    {
        var old = use.Node.InputAt(use.Index).Length > 0 ? main.Constant(use.Name) : null;
        var values = old?.ToFloats() ?? [0];
        var sums = new float[addition.Length];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = (float)(values[values.Length == 1 ? 0 : i] + addition[i]);
        var name = main.FreshName(old is null ? $"{NodeLabel.Name(use.Node)}_bias" : $"{use.Name}_shifted");
        main.AddInitializer(Tensors.Create(name, old?.ElementCount() == sums.Length ? [.. old.Dims] : [sums.Length], sums));
        main.SetInput(use.Node, use.Index, name);
    }

    private static NodeProto Insert(Graph main, double[] addition, WeightedLayer product)
    {
        var result = product.Node.Output[0];
        var (inner, name) = (main.FreshName($"{result}_product"), main.FreshName($"{product.WeightName}_shift"));
        main.AddInitializer(Tensors.Create<float>(name, [addition.Length], [.. addition.Select(value => (float)value)]));
        main.SetOutput(product.Node, 0, inner);
        var add = Nodes.Create("Add", [inner, name], [result], main.FreshName($"{NodeLabel.Name(product.Node)}_shift"));
        main.InsertAfter(product.Node, add);
        return add;
    }

    private static double[] Respond(ReadOnlySpan<double> shift, WeightedLayer product)
    {
        var weights = product.Weight.ToFloats();
        var (inputs, outputs) = (shift.Length, weights.Length / shift.Length);
        var isByOutput = product.OutputAxis == 0;
        var response = new double[outputs];
        for (var i = 0; i < inputs; i++)
        for (var o = 0; o < outputs; o++)
            response[o] += shift[i] * weights[isByOutput ? o * inputs + i : i * outputs + o];
        return response;
    }

    // Returns the constant of the Add that alone reads the result of a product; null if there is none.
    private static ConstantUse? OwnAdd(Graph main, WeightedLayer product)
    {
        var outputs = product.Weight.Dims[product.OutputAxis!.Value];
        var result = product.Node.Output[0];
        if (main.IsOutputAnywhere(result) || main.Consumers(result) is not [var use] || !ReferenceEquals(use.Graph, main) || !use.Node.Is("Add"))
            return null;
        var other = use.Node.Input[0] == result ? 1 : 0;
        return main.TryGetConstant(use.Node.Input[other], out var tensor) && tensor.ElementCount() == outputs && tensor.Dims[^1] == outputs
            ? new ConstantUse(use.Node, other)
            : null;
    }
}
