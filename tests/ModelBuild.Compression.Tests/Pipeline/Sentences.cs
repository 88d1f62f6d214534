using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>MiniLM with sentences, for all tests of a class.</summary>
public sealed class Sentences
{
    private JudgedModel? _model;

    /// <summary>The number of values of a sentence's vector.</summary>
    internal const int Width = 384;

    internal JudgedModel Model =>
        _model ??= new JudgedModel(
            PretrainedModels.Need(PretrainedModels.MiniLm),
            Corpus.Path("minilm/sentences-calibration.npz"),
            Corpus.Path("minilm/sentences-test.npz"),
            fit: 6,
            judged: 4
        );
}
