using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>Chooses the losses of values inside the model: features and attention.</summary>
/// <param name="student">The copy of the model that is trained.</param>
/// <param name="pairs">The values that can be compared.</param>
/// <param name="options">The options of the step.</param>
internal sealed class InnerLosses(DescribedGraph student, FeaturePairs pairs, TrainingOptions options)
{
    private readonly List<(FeaturePair Pair, ILoss Loss)> _losses = [];
    private readonly List<FeatureMap> _maps = [];

    /// <summary>The learned maps from values of the model to values of the teacher.</summary>
    public IReadOnlyList<FeatureMap> Maps => _maps;

    /// <summary>Chooses the losses. Returns each with the value of the teacher that it reads.</summary>
    /// <exception cref="CompressionException">MB1005: the options ask for a comparison, and the models have no values for it.</exception>
    public IReadOnlyList<(string TeacherValue, ILoss Loss)> Choose()
    {
        if (options.Features != FeatureMode.None && options.FeatureWeight > 0)
            AddFeatures();
        if (options.Attention > 0)
            AddAttention();
        return [.. _losses.Select(loss => (loss.Pair.Teacher.Name, loss.Loss))];
    }

    private void AddFeatures()
    {
        var found = pairs.ByName(onlyConvolutions: false);
        if (found.Count == 0 && options.Features == FeatureMode.Pairs)
            throw new CompressionException(
                Codes.UnknownOption,
                "features=pairs needs layers whose outputs have the names and shapes of the original model, and there are none: take features=auto or none."
            );
        foreach (var pair in found)
            _losses.Add((pair, new FeatureLoss(pair, map: null, (float)(options.FeatureWeight / found.Count))));
        if (found.Count > 0)
            return;
        var others = pairs.ByResolution(onlyConvolutions: false);
        foreach (var (i, pair) in others.Index())
        {
            _maps.Add(new FeatureMap(student, pair, DerivedSeed.Of((ulong)options.Seed, i)));
            _losses.Add((pair, new FeatureLoss(pair, _maps[^1], (float)(options.FeatureWeight / others.Count))));
        }
    }

    private void AddAttention()
    {
        var maps = pairs.Maps();
        var found = pairs.ByName(onlyConvolutions: true);
        var convolutions = (found.Count > 0 ? found : pairs.ByResolution(onlyConvolutions: true)).Where(HasPositions).ToArray();
        var count = maps.Count + convolutions.Length;
        if (count == 0)
            throw new CompressionException(
                Codes.UnknownOption,
                "attention needs convolutions of equal resolution, or attention maps (outputs of Softmax of four dimensions) with the names and shapes of the "
                    + "original model, and there are none: take attention=0."
            );
        foreach (var pair in maps)
            _losses.Add((pair, new AttentionMapLoss(pair, (float)(options.Attention / count))));
        foreach (var pair in convolutions)
            _losses.Add((pair, new AttentionTransferLoss(pair, (float)(options.Attention / count))));
    }

    // Returns whether an attention map has several positions. A map with a single position is always 1 after normalization, so it cannot be compared between
    // models.
    private bool HasPositions(FeaturePair pair) => student.Sizes(pair.Value)!.Skip(2).Aggregate(1L, (a, b) => a * b) > 1;
}
