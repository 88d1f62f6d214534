using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>A package of this repository, opened for reading.</summary>
internal sealed partial class PackageFile(string path) : IDisposable
{
    private readonly ZipArchive _archive = ZipFile.OpenRead(path);

    /// <summary>The path of each file in the package.</summary>
    public IEnumerable<string> Names => _archive.Entries.Select(entry => entry.FullName);

    /// <summary>The assemblies that are built from this repository.</summary>
    public IEnumerable<string> OwnAssemblies => Names.Where(name => OwnAssembly().IsMatch(name));

    /// <summary>The file names of the libraries, managed and native, that come from other projects.</summary>
    public IEnumerable<string> ForeignLibraries =>
        Names.Where(name => Library().IsMatch(name) && !OwnAssembly().IsMatch(name)).Select(name => Path.GetFileName(name)!).Distinct();

    /// <summary>The file names that the package's third-party notices list; none without notices.</summary>
    public IEnumerable<string> NoticedLibraries =>
        Names.Contains("THIRD-PARTY-NOTICES.txt")
            ? NoticedFiles()
                .Matches(ReadText("THIRD-PARTY-NOTICES.txt"))
                .SelectMany(match => match.Groups["files"].Value.Split(',', StringSplitOptions.TrimEntries))
            : [];

    /// <summary>The links of the README that work in the repository only.</summary>
    public IEnumerable<string> RelativeLinks => RelativeLink().Matches(ReadText("README.md")).Select(match => match.Value);

    /// <summary>Reads a text file.</summary>
    public string ReadText(string name)
    {
        using var reader = new StreamReader(_archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    /// <summary>Tells whether an assembly contains its symbols.</summary>
    public bool HasSymbols(string name)
    {
        using var content = new MemoryStream();
        using (var entry = _archive.GetEntry(name)!.Open())
            entry.CopyTo(content);
        content.Position = 0;
        using var reader = new PEReader(content);
        return reader.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
    }

    public void Dispose() => _archive.Dispose();

    [GeneratedRegex(@"(^|/)(ModelBuild(\.\w+)*|modelbuild)\.dll$")]
    private static partial Regex OwnAssembly();

    [GeneratedRegex(@"\.(dll|so|dylib)$")]
    private static partial Regex Library();

    [GeneratedRegex(@"^Files: (?<files>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex NoticedFiles();

    [GeneratedRegex(@"\]\((?!https://|#)[^)]*\)")]
    private static partial Regex RelativeLink();
}
