using Xunit;

namespace ModelBuild.Testing;

/// <summary>
/// Compares texts with files of the repository. With <c>MODELBUILD_ACCEPT=1</c> the files are written instead, and a person reviews the difference before
/// it is committed.
/// </summary>
/// <param name="folder">The folder of the files, relative to the repository's root.</param>
/// <param name="variables">What differs between machines or versions, replaced in each text in this order.</param>
public sealed class Snapshots(string folder, params SnapshotVariable[] variables)
{
    private const string AcceptVariable = "MODELBUILD_ACCEPT";

    private readonly string _folder = Path.Combine(Corpus.Repository, folder);

    /// <summary>Fails with the first line that differs when the text is not that of the file.</summary>
    public void Matches(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var actual = variables.Aggregate(text.ReplaceLineEndings("\n"), (result, variable) => variable.Replace(result));
        var path = Path.Combine(_folder, file);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
            Accept(path, actual);
        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (Difference(expected, actual) is { } difference)
            Assert.Fail($"{folder}/{file}, {difference}\nIf the change is intended, run the tests with {AcceptVariable}=1 and review the new file.");
    }

    /// <summary>Returns the first line in which two texts differ; null when they are equal.</summary>
    public static string? Difference(string expected, string actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        if (expected == actual)
            return null;
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}:\n  expected: {Line(before, line)}\n  actual:   {Line(after, line)}";
    }

    private static string Line(string[] lines, int index) => index < lines.Length ? lines[index] : "(the text ends before this line)";

    private static void Accept(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
