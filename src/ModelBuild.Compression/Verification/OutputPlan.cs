using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>What is compared of a model's answers, and how.</summary>
/// <param name="Outputs">The outputs' names in the graph's order.</param>
/// <param name="Observed">The names of values that are no outputs, and are compared because they feed selections.</param>
/// <param name="Parts">The comparisons, output after output.</param>
/// <param name="HasInputs">Whether the model has inputs.</param>
internal sealed record OutputPlan(IReadOnlyList<string> Outputs, IReadOnlyList<string> Observed, IReadOnlyList<ComparedPart> Parts, bool HasInputs)
{
    /// <summary>A plan that knows nothing but names.</summary>
    public static OutputPlan OfNames(IReadOnlyList<string> outputs) =>
        new(outputs, [], [.. outputs.Select(output => new ComparedPart(output, FidelityKind.Numbers) { ClassAxis = 1 })], HasInputs: true);

    /// <summary>The plan for a model.</summary>
    /// <param name="model">The model with its weights.</param>
    /// <param name="inputShapes">Sizes of its inputs in one call.</param>
    /// <param name="request">What the project says about its outputs.</param>
    /// <exception cref="CompressionException">MB1005: the user names an output that is not there, or a kind that its shape cannot hold.</exception>
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
