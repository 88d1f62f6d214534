using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Models;

/// <summary>A model of the corpus, with the real inputs that the corpus has for it in a form that ModelBuild reads.</summary>
/// <param name="Name">The file, relative to the corpus.</param>
/// <param name="Calibration">Files to fit to; empty for none.</param>
/// <param name="Test">Files to measure on, which nothing is fitted to; empty for none.</param>
internal sealed record CorpusModel(string Name, IReadOnlyList<string> Calibration, IReadOnlyList<string> Test)
{
    /// <summary>Every model.</summary>
    public static IReadOnlyList<CorpusModel> All { get; } = [.. Corpus.Models().Select(Of)];

    /// <summary>The four small classifiers with calibration and test data of their own.</summary>
    public static IReadOnlyList<CorpusModel> Litenet { get; } = [.. All.Where(model => model.Test.Count > 0)];

    /// <summary>The full path.</summary>
    public string FullPath => System.IO.Path.Combine(Corpus.Root, Name);

    /// <summary>The name without folder and ending.</summary>
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
