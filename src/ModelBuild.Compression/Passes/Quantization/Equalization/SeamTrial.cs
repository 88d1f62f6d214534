using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Compares the quantization error of two layers with and without the factors between them: the squared error of the second layer's outputs on held-out
/// calls. The error must not increase in any call. The weights of both layers and the activation between them are quantized. The first layer's input is in
/// float32.
/// </summary>
/// <param name="context">The context with the model.</param>
/// <param name="seam">The layers.</param>
/// <param name="importance">The factor of each output channel of the second layer in the error.</param>
/// <param name="calls">The first layer's input in held-out calls.</param>
/// <param name="statistics">The statistics of the activation for each channel.</param>
/// <param name="format">The format of the recipe's next quantization step.</param>
/// <param name="relu6">The handling of a Clip.</param>
internal sealed class SeamTrial(
    PassContext context,
    Seam seam,
    double[] importance,
    IReadOnlyList<SampleArray> calls,
    TensorStatistics statistics,
    SeamFormat format,
    Relu6Handling relu6
)
{
    private readonly Graph _main = new(context.Model);
    private readonly SeamRounding _rounding = new(seam, statistics, format);
    private SampleArray[]? _expected;
    private double[] _judged = [];
    private bool _isBetter;

    /// <summary>Returns whether the error is less with the seam's present factors than without them, given the factors of other seams.</summary>
    public bool IsBetter()
    {
        // The error of a seam is cached for its factors, because another round often does not change the layers of the seam.
        double[] factors = [.. seam.Producer.InputFactors, .. seam.Producer.OutputFactors, .. seam.Consumer.OutputFactors];
        if (!factors.SequenceEqual(_judged))
            (_judged, _isBetter) = (factors, IsBetter(Errors(isScaled: false), Errors(isScaled: true)));
        return _isBetter;
    }

    // Returns whether scaled channels have smaller errors. The errors are compared for each call, because a sum over many calls may hide a call that exceeds
    // the calibrated range and cuts off all channels.
    private static bool IsBetter(double[] plain, double[] scaled) =>
        HeldOutGain.IsEnough(plain.Sum(), scaled.Sum(), HeldOutGain.Calibrated) && plain.Zip(scaled).All(call => call.Second <= call.First);

    private double[] Errors(bool isScaled)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        _expected ??= Answers(null, null, isRelaxed: false, _ => { });
        var ones = Enumerable.Repeat(1.0, seam.Channels).ToArray();
        var factors = isScaled ? seam.Producer.OutputFactors : ones;
        var behind = isScaled ? seam.Consumer.InputFactors : [.. Enumerable.Repeat(1.0, seam.Consumer.Inputs)];
        var isRelaxed = isScaled && seam.Clip is not null && relu6 == Relu6Handling.Relax;
        var bound = isScaled && !isRelaxed ? seam.Bound : double.PositiveInfinity;
        var answers = Answers(
            Weights(seam.Producer, factors, seam.Producer.InputFactors),
            Weights(seam.Consumer, seam.Consumer.OutputFactors, behind),
            isRelaxed,
            activation => _rounding.Apply(activation, factors, bound)
        );
        return [.. answers.Zip(_expected, Distance)];
    }

    private TensorProto? Weights(LinearLayer layer, double[] outputs, double[] inputs)
    {
        var settings = format.Settings(layer.Node);
        return settings.Weights == IntegerType.Int8 ? layer.Rounded(_main, outputs, inputs, settings.PerChannel) : null;
    }

    private SampleArray[] Answers(TensorProto? first, TensorProto? second, bool isRelaxed, Action<SampleArray> round)
    {
        var (input, producer) = (seam.Producer.Node.Input[0], seam.Producer.Node);
        NodeProto[] nodes = [producer, .. seam.Between.Select(node => isRelaxed && node == seam.Clip ? Relaxed(node) : node)];
        var front = Array.FindIndex(nodes, node => node.Output[0] == seam.Activation) + 1;
        SampleArray[] activations = Run(new SeamPart(_main, input, nodes[..front], calls[0].Shape.Length, first), calls);
        foreach (var activation in activations)
            round(activation);
        NodeProto[] rest = [.. nodes[front..], seam.Consumer.Node];
        var answers = Run(new SeamPart(_main, seam.Activation, rest, activations[0].Shape.Length, second), activations);
        foreach (var answer in answers)
            Weigh(answer);
        return answers;
    }

    private void Weigh(SampleArray answer)
    {
        var floats = MemoryMarshal.Cast<byte, float>(answer.Data.AsSpan());
        var inner = seam.Consumer.Spatial > 0 ? (int)SampleArray.Count(answer.Shape.AsSpan(2)) : 1;
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)(floats[i] * importance[i / inner % importance.Length]);
    }

    private SampleArray[] Run(SeamPart part, IReadOnlyList<SampleArray> inputs)
    {
        using (part)
            return [.. inputs.Select(input => part.Run(input, context.CancellationToken))];
    }

    private static NodeProto Relaxed(NodeProto clip) => Nodes.Create("Relu", [clip.Input[0]], [clip.Output[0]], clip.Name);

    private static double Distance(SampleArray actual, SampleArray expected)
    {
        var distance = (double)TensorPrimitives.Distance(actual.Floats, expected.Floats);
        return distance * distance;
    }
}
