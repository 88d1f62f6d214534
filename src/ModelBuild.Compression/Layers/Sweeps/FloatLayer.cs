using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>A layer in float32 whose weights belong to it alone, so that a step can give it others.</summary>
internal sealed class FloatLayer : MeasuredLayer
{
    private readonly Graph _main;
    private readonly WeightLayout _layout;
    private readonly LayerBias? _bias;
    private float[]? _weights;

    private FloatLayer(Graph main, NodeProto node, NodeProto source, WeightLayout layout, LayerBias? bias)
        : base(source, node.Input[0]) => (_main, Node, _layout, _bias) = (main, node, layout, bias);

    /// <summary>The layer's node in the model that is changed.</summary>
    public NodeProto Node { get; }

    /// <summary>
    /// The weights in real numbers, [outputs, inputs of a group]. They are read from the model when somebody first asks, and let go of when they are written, so that those of a large model
    /// are not all held at once.
    /// </summary>
    public float[] Weights
    {
        // Several threads may come first, for different groups; all get the same array.
        get => LazyInitializer.EnsureInitialized(ref _weights, Read);
        set => _weights = value;
    }

    /// <summary>The weights as they are in the model.</summary>
    public TensorProto Tensor => _main.Constant(Node.Input[1]);

    /// <summary>The layer that a node is; null, with the reason where it is one in principle.</summary>
    /// <param name="main">The main graph of the model that is changed.</param>
    /// <param name="node">One of its nodes.</param>
    /// <param name="reference">The main graph of the model that answers are compared with; it has a node that gives a value of the same name.</param>
    /// <param name="why">Why the layer cannot be changed; null where the node is no Conv, ConvTranspose, Gemm or MatMul with constant weights.</param>
    public static FloatLayer? TryCreate(Graph main, NodeProto node, Graph reference, out string? why)
    {
        why = null;
        if (
            node.Domain is not ("" or "ai.onnx")
            || node.OpType is not ("Conv" or "ConvTranspose" or "Gemm" or "MatMul")
            || !main.TryGetConstant(node.InputAt(1), out var weight)
            || main.IsConstant(node.InputAt(0))
        )
            return null;
        if (weight.DataType != (int)DataType.Float)
            why = "its weights are not float32";
        else if (node.OpType is "Conv" or "ConvTranspose" ? weight.Dims.Count < 3 : weight.Dims.Count != 2)
            why = $"its weights have {weight.Dims.Count} dimensions";
        else if (node.OpType == "Gemm" && (node.GetFloat("alpha", 1) != 1 || node.GetFloat("beta", 1) != 1 || node.GetInt("transA", 0) != 0))
            why = "it scales or transposes its operands";
        else if (main.ScopeOf(node.Input[1])!.Consumers(node.Input[1]).Count > 1 || main.ScopeOf(node.Input[1])!.IsOutputAnywhere(node.Input[1]))
            why = "its weights serve other nodes too";
        else if (!IsFinite(weight))
            why = "its weights hold values that are not finite";
        else if (reference.Producer(node.Output[0]) is not { } source)
            why = "the model had no such layer before the step";
        else if (node.OpType != "MatMul" && BiasOf(main, node, WeightLayout.Of(node, weight).Outputs) is null)
            why = "its bias is not constant, or not a number for each output";
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
        Forget();
    }

    /// <summary>Lets go of the weights, until somebody asks again.</summary>
    public void Forget() => _weights = null;

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

    // MatMul has none. Null too where it is computed: a layer that is solved again would take it for a part of what its weights answer.
    private static float[]? BiasOf(Graph main, NodeProto node, int outputs)
    {
        if (node.OpType == "MatMul")
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
