using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// A Conv, ConvTranspose, Gemm or MatMul whose channels are scaled: y = W·x + b becomes (W·S_in / S_out)·(x / S_in) + b / S_out. Factors are collected in
/// float64 and the weights are written once, so that each weight is rounded once for any number of sweeps. Weights are processed as [outputs, inputs of a
/// group].
/// </summary>
internal sealed class LinearLayer
{
    private static readonly Refusal UnknownLayout = new("the step does not support the layout of its weights");

    private readonly ChannelLayout _layout;
    private float[] _magnitudes;

    private LinearLayer(NodeProto node, ChannelLayout layout, ReadOnlySpan<float> weights)
    {
        (Node, _layout) = (node, layout);
        _magnitudes = layout.Magnitudes(weights);
        OutputFactors = Ones(Outputs);
        InputFactors = Ones(Inputs);
    }

    /// <summary>The node of the layer.</summary>
    public NodeProto Node { get; }

    /// <summary>The number of output channels.</summary>
    public int Outputs => _layout.Outputs;

    /// <summary>The number of input channels.</summary>
    public int Inputs => _layout.InputsOfGroup * _layout.Groups;

    /// <summary>The number by which each output channel of the layer is divided.</summary>
    public double[] OutputFactors { get; }

    /// <summary>The number by which the weights of each input channel are multiplied.</summary>
    public double[] InputFactors { get; }

    /// <summary>The number of axes after the channel axis: 0 for Gemm and MatMul, 2 for convolutions of images.</summary>
    public int Spatial => _layout.Spatial;

    /// <summary>Whether each output channel reads one input channel only.</summary>
    public bool IsDepthwise => _layout.InputsOfGroup == 1;

    /// <summary>
    /// Returns the layer of a node. The result is null with a reason if its weights cannot be scaled, and null without a reason if the node is no such layer.
    /// </summary>
    public static LinearLayer? TryCreate(Graph scope, NodeProto node, out Refusal? why)
    {
        why = null;
        if (WeightedOperator.FindLinear(node) is null || node.Input.Count < 2)
            return null;
        if (!WeightedOperator.TryMatch(scope, node, out var found, out var refusal))
            why = refusal;
        else if (found.WhyNotFloat32() is { } notFloat32)
            why = notFloat32;
        else if (ChannelLayout.Of(node, found.Weight) is not { } layout)
            why = UnknownLayout;
        else if (found.WhyNotOwn() is { } shared)
            why = shared;
        else if (Refusal.OfNotFinite(found.Weight.Span<float>()) is { } notFinite)
            why = notFinite;
        else
            return found.Weight.Read<float, LinearLayer>(values => new LinearLayer(node, layout, values));

        return null;
    }

    /// <summary>Returns the largest magnitude among the weights of an output channel with the present factors.</summary>
    public double OutputRange(int output)
    {
        var largest = 0.0;
        var first = output / _layout.OutputsOfGroup * _layout.InputsOfGroup;
        for (var i = 0; i < _layout.InputsOfGroup; i++)
            largest = Math.Max(largest, _magnitudes[output * _layout.InputsOfGroup + i] * InputFactors[first + i]);
        return largest / OutputFactors[output];
    }

    /// <summary>
    /// Returns the largest magnitude among the weights that multiply an input channel with the present factors, divided by a divisor for each output channel
    /// if given.
    /// </summary>
    public double InputRange(int input, ReadOnlySpan<double> divisors = default)
    {
        var largest = 0.0;
        var (group, i) = (input / _layout.InputsOfGroup, input % _layout.InputsOfGroup);
        for (var o = group * _layout.OutputsOfGroup; o < (group + 1) * _layout.OutputsOfGroup; o++)
            largest = Math.Max(largest, _magnitudes[o * _layout.InputsOfGroup + i] / (divisors.IsEmpty ? OutputFactors[o] : divisors[o]));
        return largest * InputFactors[input];
    }

    /// <summary>Returns the output of the layer without its bias if every input channel is constant, with the weights of the model.</summary>
    public double[] Respond(Graph scope, ReadOnlySpan<double> inputs)
    {
        var alpha = WeightedOperator.Of(Node).Alpha(Node);
        return [.. _layout.Respond(scope.Constant(Node.Input[1]).Span<float>(), inputs).Select(output => output * alpha)];
    }

    /// <summary>Returns the weights after scaling, rounding to int8 and removal of the factors.</summary>
    /// <param name="scope">The scope of the layer.</param>
    /// <param name="outputs">The divisor of each output channel.</param>
    /// <param name="inputs">The factor of the weights of each input channel.</param>
    /// <param name="perChannel">Whether each output channel has a scale.</param>
    public TensorProto Rounded(Graph scope, double[] outputs, double[] inputs, bool perChannel)
    {
        var weight = scope.Constant(Node.Input[1]);
        var scaled = weight.ToFloats();
        _layout.Scale(scaled, outputs, inputs);
        var axis = WeightLayout.Of(Node, weight).ChannelAxis;
        long[] scaleShape = [.. weight.Dims.Select((size, i) => perChannel && i == axis ? size : 1)];
        var (codes, scales) = SymmetricInt8.Quantize(scaled, [.. weight.Dims], scaleShape);
        var inner = (int)weight.Dims.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = codes[i] * scales[i / inner % scales.Length];
        _layout.Scale(scaled, Array.ConvertAll(outputs, factor => 1 / factor), Array.ConvertAll(inputs, factor => 1 / factor));
        return Tensors.Create(Node.Input[1], [.. weight.Dims], scaled);
    }

    /// <summary>Replaces the bias of the layer by a copy with a number added for each output channel.</summary>
    public void AddToBias(Graph scope, ReadOnlySpan<double> addition)
    {
        var old = Node.InputAt(2).Length > 0 ? scope.Constant(Node.Input[2]).ToFloats() : [0];
        var bias = new float[Outputs];
        for (var o = 0; o < bias.Length; o++)
            bias[o] = (float)(old[old.Length == 1 ? 0 : o] + addition[o]);
        var name = scope.FreshName($"{Node.Input[1]}_bias");
        scope.AddInitializer(Tensors.Create(name, [Outputs], bias));
        scope.SetInput(Node, 2, name);
    }

    /// <summary>Writes the scaled weights and bias into the model if there are factors. Ranges cannot be queried afterwards.</summary>
    public void Write(Graph scope)
    {
        // The magnitudes are released before the weights are written, because the magnitudes of a Gemm take as much memory as its weights.
        using (new MemoryScope((long)_magnitudes.Length * sizeof(float)))
            _magnitudes = [];
        if (OutputFactors.Concat(InputFactors).All(factor => factor == 1))
            return;
        var weight = scope.Constant(Node.Input[1]);
        var scaled = weight.Read<float, float[]>(values => values.ToArray());
        _layout.Scale(scaled, OutputFactors, InputFactors);
        scope.ReplaceConstant(Node.Input[1], Tensors.Create(weight.Name, [.. weight.Dims], scaled));
        if (Node.InputAt(2).Length > 0 && OutputFactors.Any(factor => factor != 1))
            ChannelConstant.Divide(scope, Node, 2, OutputFactors, spatial: 0);
    }

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
