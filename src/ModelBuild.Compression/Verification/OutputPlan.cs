using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>The values of a model that are compared, and how each of them is compared.</summary>
/// <param name="Outputs">The names of the outputs in graph order.</param>
/// <param name="Observed">The names of other values that are compared because selections read them.</param>
/// <param name="Parts">The parts, output after output.</param>
/// <param name="HasInputs">Whether the model has inputs.</param>
internal sealed record OutputPlan(IReadOnlyList<string> Outputs, IReadOnlyList<string> Observed, IReadOnlyList<ComparedPart> Parts, bool HasInputs)
{
    /// <summary>Returns a plan that compares whole outputs, from the names of the outputs only.</summary>
    public static OutputPlan OfNames(IReadOnlyList<string> outputs) =>
        new(outputs, [], [.. outputs.Select(output => new ComparedPart(output, FidelityKind.Numbers) { ClassAxis = 1 })], HasInputs: true);

    /// <summary>Returns the plan for a model, with kinds and parts that rules find.</summary>
    /// <param name="model">The model with its weights.</param>
    /// <param name="inputShapes">The input shapes of one call.</param>
    /// <param name="request">The information about outputs in the project.</param>
    /// <exception cref="CompressionException">MB1005: the user names an output that does not exist, or a kind that its shape does not fit.</exception>
    public static OutputPlan Of(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, OutputHints request)
    {
        var main = new Graph(model);
        var signature = SignatureReader.Read(model);
        string[] outputs = [.. signature.Outputs.Select(output => output.Name)];
        var selections = new Selections(main);
        var feeders = outputs.SelectMany(selections.Feeders).DistinctBy(feeder => feeder.Key).ToDictionary(StringComparer.Ordinal);
        string[] values = [.. outputs.Concat(feeders.Keys).SelectMany(value => JoinedParts.Values(main, value)).Distinct(StringComparer.Ordinal)];
        var pooled = values.SelectMany(value => PooledFeatures.Values(main, value));
        string[] computed =
        [
            .. values.Concat(pooled).Distinct(StringComparer.Ordinal).Where(value => main.Producer(value) is not null && !main.IsConstant(value)),
        ];
        var tensors = ShapeInference.Describe(model, inputShapes, computed, computes: true);
        string[] observed = [.. feeders.Keys.Where(feeder => !outputs.Contains(feeder) && Selections.IsFloat(tensors, feeder))];
        var parts = new PartRules(main, signature, tensors, request);
        ComparedPart[] all =
        [
            .. outputs.SelectMany(output => parts.Of(output, selections)),
            .. observed.SelectMany(value => parts.Of(value, selections: null)).Select(part => part with { Feeds = feeders[part.Output] }),
        ];
        request.Kinds.Check([.. all.Select(part => part.Output).Concat(all.Select(part => part.Part).OfType<string>()).Distinct(StringComparer.Ordinal)]);
        return new OutputPlan(outputs, observed, all, signature.Inputs.Count > 0);
    }
}
