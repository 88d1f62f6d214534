using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Generator.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Generator.Tests;

/// <summary>
/// A library may carry classes of an older generator, and the application that uses it picks the runtime library. Classes that older generators wrote
/// therefore compile against the runtime library of today, where every warning is an error.
/// </summary>
public sealed class FrozenClassTests
{
    private static readonly string _folder = Path.Combine(Corpus.Repository, "tests", "ModelBuild.Generator.Tests", "Frozen");

    /// <summary>Gets the classes, as paths relative to the folder of all of them.</summary>
    public static TheoryData<string> Classes =>
        [
            .. Directory
                .EnumerateFiles(_folder, "*.g.cs.txt", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(_folder, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_class_of_an_older_generator_compiles(string name)
    {
        var source = File.ReadAllText(Path.Combine(_folder, name));

        foreach (var version in new[] { LanguageVersion.CSharp8, LanguageVersion.Latest })
        {
            var compilation = GeneratorRun.Compile(source, version);

            Assert.Empty(
                compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            );
            Assert.NotEmpty(compilation.GetSymbolsWithName(ClassName(name), SymbolFilter.Type, TestContext.Current.CancellationToken));
        }
    }

    private static string ClassName(string file) => Path.GetFileName(file)[..^".g.cs.txt".Length];
}
