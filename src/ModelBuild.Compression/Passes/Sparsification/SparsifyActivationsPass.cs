using System.Globalization;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Options;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Sparsification;

/// <summary>
/// The step <c>sparsify-activations</c>: raises the threshold t of each ReLU until the wanted share of its outputs is zero: y = x where x &gt; t, and 0
/// elsewhere (FATReLU, Kurtz et al., "Inducing and exploiting activation sparsity", 2020). ONNX has this function as <c>ThresholdedRelu</c>, through which
/// training can continue.
/// </summary>
/// <param name="options">The options of the step.</param>
internal sealed class SparsifyActivationsPass(SparsifyActivationsOptions options) : IPass
{
    // The first version of the operator set that has ThresholdedRelu.
    private const long FirstOpset = 10;

    // The number of rounds in which all thresholds are chosen. A threshold changes the inputs of the later layers, so one round is not enough.
    private const int Rounds = 2;

    public void Run(PassContext context)
    {
        if (options.Share is not (> 0 and < 1))
            throw new CompressionException(
                Codes.UnknownOption,
                "The share of sparsify-activations is that of the activations that become zero. It must be more than 0 and less than 1."
            );
        if (context.Calibration is not { All: { } samples } calibration)
            throw new CompressionException(
                Codes.CalibrationMissing,
                "The step 'sparsify-activations' needs real inputs to measure activations: give CalibrationData (a few hundred typical inputs as .npz, .npy or "
                    + ".pb)."
            );
        var main = new Graph(context.Model);
        var units = Find(context, main, samples);
        if (units.Count == 0)
        {
            context.Report.Leave("all layers", "the model has no ReLU of float32 whose threshold could be raised");
            return;
        }

        string[] outputs = [.. units.Select(node => node.Output[0])];
        var before = ZeroCount.Of(context.Model, outputs, samples, context.CancellationToken);
        for (var round = 0; round < Rounds; round++)
            Raise(context, main, calibration, outputs);
        var after = ZeroCount.Of(context.Model, outputs, samples, context.CancellationToken);
        var raised = outputs.Count(output => main.Producer(output)!.Is("ThresholdedRelu"));
        context.Report.Changed("ReLUs with a higher threshold", raised);
        context.Report.Changed(
            string.Create(CultureInfo.InvariantCulture, $"percent of the outputs of ReLUs are zero; before the step, {before.Share * 100:0} percent were"),
            (int)Math.Round(after.Share * 100)
        );
        context.Report.Leave("speed", "ONNX Runtime multiplies by zeros as by all other numbers, so that the zeros do not make the model faster");
        if (raised < outputs.Length)
            context.Report.Leave(
                string.Create(CultureInfo.InvariantCulture, $"{outputs.Length - raised} of {outputs.Length} ReLUs"),
                "the share of zeros in their outputs is large enough already"
            );
    }

    private List<NodeProto> Find(PassContext context, Graph main, ISampleSource samples)
    {
        if (context.Model.Opset() < FirstOpset && LegacyOpsetUpgrade.WhyNot(main) is null)
            LegacyOpsetUpgrade.Apply(main);
        if (context.Model.Opset() < FirstOpset)
            return [];
        var exclude = new NamePatterns(options.Exclude);
        var types = ShapeInference.DescribeOutputs(context.Model, samples.Read(context.CancellationToken).First().Shapes());
        return [.. main.Nodes.Where(node => node.Is("Relu") && !exclude.Match(node) && types.GetValueOrDefault(node.Output[0])?.Type == DataType.Float)];
    }

    private void Raise(PassContext context, Graph main, ICalibrationContext calibration, string[] outputs)
    {
        string[] inputs = [.. outputs.Select(output => main.Producer(output)!.Input[0])];
        var request = new StatisticsRequest(inputs, Histograms: true, new Dictionary<string, int>());
        var statistics = calibration.Collect(context.Model, request, context.CancellationToken);
        foreach (var output in outputs)
        {
            var unit = main.Producer(output)!;
            var threshold = statistics.TryGetValue(unit.Input[0], out var found) ? ActivationThreshold.Of(found, options.Share) : 0;
            var next =
                threshold > 0
                    ? Nodes.Create("ThresholdedRelu", [unit.Input[0]], [output], unit.Name, attributes: ("alpha", threshold))
                    : Nodes.Create("Relu", [unit.Input[0]], [output], unit.Name);
            main.Replace(unit, next);
        }
    }
}
