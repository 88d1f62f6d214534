using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>A float32 layer whose weights have no other reader, so that a step can replace them.</summary>
internal sealed class FloatLayer : MeasuredLayer
{
    private static readonly Refusal NotInReference = new("the model had no such layer before the step");
    private static readonly Refusal UnusableBias = new("its bias is not constant, or not a number for each output");

    private readonly Graph _main;
    private readonly WeightLayout _layout;
    private readonly LayerBias? _bias;
    private float[]? _weights;

    private FloatLayer(Graph main, NodeProto node, NodeProto source, WeightLayout layout, LayerBias? bias)
        : base(source, node.Input[0]) => (_main, Node, _layout, _bias) = (main, node, layout, bias);

    /// <summary>The node of the layer in the model that is changed.</summary>
    public NodeProto Node { get; }

    /// <summary>
    /// The float weights [outputs, inputs of a group]. They are read from the model at the first access and released when they are written, so that memory
    /// does not hold all weights of a large model.
    /// </summary>
    public float[] Weights
    {
        // The array of weights is created once, even if several threads read the property for the first time at the same moment.
        get => LazyInitializer.EnsureInitialized(ref _weights, Read);
        set => _weights = value;
    }

    /// <summary>The tensor of the layer's weights in the model that is changed.</summary>
    public TensorProto Tensor => _main.Constant(Node.Input[1]);

    /// <summary>Creates the layer of a node. Returns null if the node is not a layer or cannot be changed.</summary>
    /// <param name="main">The main graph of the model that is changed.</param>
    /// <param name="node">A node of this graph.</param>
    /// <param name="reference">The main graph of the model with the targets. It must have a node that computes a value of the same name.</param>
    /// <param name="why">
    /// The reason why a layer cannot be changed; null when the node is no Conv, ConvTranspose, Gemm or MatMul with constant weights.
    /// </param>
    public static FloatLayer? TryCreate(Graph main, NodeProto node, Graph reference, out Refusal? why)
    {
        why = null;
        if (!WeightedOperator.TryMatch(main, node, out var layer, out _) || !layer.Operator.IsLinear || main.IsConstant(layer.Activation))
            return null;
        var weight = layer.Weight;
        if (layer.WhyNotFloat32() is { } notFloat32)
            why = notFloat32;
        else if (layer.Operator.IsConvolution ? weight.Dims.Count < 3 : weight.Dims.Count != 2)
            why = Refusal.Rank(weight);
        else if (layer.Alpha != 1 || layer.Beta != 1 || layer.IsInputTransposed)
            why = Refusal.ScaledOperands;
        else if (layer.WhyNotOwn() is { } shared)
            why = shared;
        else if (!IsFinite(weight))
            why = Refusal.NotFinite;
        else if (reference.Producer(node.Output[0]) is not { } source)
            why = NotInReference;
        else if (layer.Operator.BiasInput is not null && BiasOf(main, node, WeightLayout.Of(node, weight).Outputs) is null)
            why = UnusableBias;
        else
            return Create(main, node, source, weight);
        return null;
    }

    /// <inheritdoc/>
    public override void Write()
    {
        _main.ReplaceConstant(Node.Input[1], Tensors.Create(Node.Input[1], _layout.Shape, _layout.FromRows<float>(Weights)));
        if (Bias is not null)
            _bias?.Write(Bias);
        ReleaseWeights();
    }

    /// <summary>Releases the array of weights in memory. The next access reads it from the model again.</summary>
    public void ReleaseWeights() => _weights = null;

    private float[] Read()
    {
        var weight = Tensor;
        var rows = _layout.ToRows(weight.Span<float>());
        weight.Release();
        return rows;
    }

    private static bool IsFinite(TensorProto weight)
    {
        var isFinite = weight.Span<float>().IsFinite();
        weight.Release();
        return isFinite;
    }

    private static FloatLayer Create(Graph main, NodeProto node, NodeProto source, TensorProto weight)
    {
        var layout = WeightLayout.Of(node, weight);
        var values = BiasOf(main, node, layout.Outputs);
        return new FloatLayer(
            main,
            node,
            source,
            layout,
            values is null ? null : new LayerBias(main.Proto, node, 2, main.FreshName($"{node.Output[0]}_bias"), values)
        )
        {
            WeightShape = layout.Shape,
            Groups = layout.Groups,
            Outputs = layout.Outputs,
            Inputs = layout.Inputs,
            Bias = values?.ToArray(),
        };
    }

    // Returns the bias of a layer. The result is null for MatMul, which has no bias, and for a computed bias. A layer with a computed bias is refused, because
    // solving it would include the bias in the targets of the weights.
    private static float[]? BiasOf(Graph main, NodeProto node, int outputs)
    {
        if (WeightedOperator.Of(node).BiasInput is null)
            return null;
        if (node.InputAt(2).Length == 0)
            return new float[outputs];
        if (!main.TryGetConstant(node.Input[2], out var bias) || bias.DataType != (int)DataType.Float)
            return null;
        if (bias.ElementCount() == 1)
            return [.. Enumerable.Repeat(bias.ToFloats()[0], outputs)];
        return bias.ElementCount() == outputs && bias.Dims[^1] == outputs ? bias.ToFloats() : null;
    }
}
