using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>A layer: a node whose operator multiplies by weights or looks them up, and whose weights are constant.</summary>
/// <param name="Operator">The description of its operator.</param>
/// <param name="Scope">The scope of the node.</param>
/// <param name="Node">The node.</param>
/// <param name="Owner">The scope that holds the weights: that of the node, or an enclosing one.</param>
/// <param name="Weight">The weights.</param>
internal sealed record WeightedLayer(WeightedOperator Operator, Graph Scope, NodeProto Node, Graph Owner, TensorProto Weight)
{
    /// <summary>The name of the value that the layer multiplies, or of the indices of an embedding.</summary>
    public string Activation => Node.InputAt(Operator.ActivationInput);

    /// <summary>The name of the value that holds the layer's weights.</summary>
    public string WeightName => Node.Input[Operator.WeightInput];

    /// <summary>The name of the value that holds the layer's bias; empty if the node has no bias.</summary>
    public string BiasName => Operator.BiasInput is { } input ? Node.InputAt(input) : "";

    /// <summary>The axis of the weights that counts output channels, of one group for a transposed convolution.</summary>
    public int? OutputAxis => Operator.OutputAxis(Node);

    /// <summary>The axis of the weights that counts input channels, of one group for a convolution.</summary>
    public int? InputAxis => Operator.InputAxis(Node);

    /// <summary>The number of groups of channels; 1 for all layers except grouped convolutions.</summary>
    public int Groups => Operator.Groups(Node);

    /// <summary>The factor of the product of activation and weights, such as Gemm's alpha.</summary>
    public float Alpha => Operator.Alpha(Node);

    /// <summary>The factor that multiplies the bias, such as Gemm's beta.</summary>
    public float Beta => Operator.Beta(Node);

    /// <summary>Whether the node transposes its activation before it multiplies.</summary>
    public bool IsInputTransposed => Operator.IsInputTransposed(Node);

    /// <summary>All node inputs that read the weights, in every scope.</summary>
    public IReadOnlyList<ValueUse> Readers => Owner.Consumers(WeightName);

    /// <summary>Returns the reason why the weights cannot be read as float32 numbers; null if they can.</summary>
    public Refusal? WhyNotFloat32() => Weight.DataType == (int)TensorProto.Types.DataType.Float ? null : Refusal.NotFloat32;

    /// <summary>Returns the reason why the weights cannot be changed for this layer alone; null if they can.</summary>
    public Refusal? WhyNotOwn() => Readers.Count > 1 || Owner.IsOutputAnywhere(WeightName) ? Refusal.SharedWeights : null;

    /// <summary>Returns the reason why the weights cannot be replaced for all of their readers; null if they can.</summary>
    public Refusal? WhyOutput() => Owner.IsOutputAnywhere(WeightName) ? Refusal.OutputWeights : null;
}
