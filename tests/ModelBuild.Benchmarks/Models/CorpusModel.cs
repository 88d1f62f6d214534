using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Models;

/// <summary>A model of the corpus, and its real inputs if the corpus has them in a format that ModelBuild reads.</summary>
/// <param name="Name">The path of the file, relative to the corpus.</param>
/// <param name="Calibration">The files for calibration; empty if there are none.</param>
/// <param name="Test">The files for tests, which no step is fitted to; empty if there are none.</param>
internal sealed record CorpusModel(string Name, IReadOnlyList<string> Calibration, IReadOnlyList<string> Test)
{
    /// <summary>All models.</summary>
    public static IReadOnlyList<CorpusModel> All { get; } = [.. Corpus.Models().Select(Of)];

    /// <summary>The four small classifiers with their own calibration and test data.</summary>
    public static IReadOnlyList<CorpusModel> Litenet { get; } = [.. All.Where(model => model.Test.Count > 0)];

    /// <summary>The full path.</summary>
    public string FullPath => System.IO.Path.Combine(Corpus.Root, Name);

    /// <summary>The name without the folder and the extension.</summary>
    public string ShortName => System.IO.Path.GetFileNameWithoutExtension(Name);

    private static CorpusModel Of(string name)
    {
        if (!name.StartsWith("litenet/", StringComparison.Ordinal))
            return new CorpusModel(name, [], []);
        var digits = name.StartsWith("litenet/fashion", StringComparison.Ordinal) ? "fashion" : "mnist";
        return new CorpusModel(name, [File($"{digits}-calibration.npz")], [File($"{digits}-test.npz")]);
    }

    private static string File(string name) => System.IO.Path.Combine(Corpus.Root, "litenet", name);
}
