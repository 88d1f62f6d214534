using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace ModelBuild.Generator.Tests.Support;

/// <summary>Runs the generator on signatures, in a compilation like a strict project's.</summary>
internal sealed class GeneratorRun
{
    private static readonly MetadataReference[] Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path =>
                Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll")
            )
            .Where(path =>
                !Path.GetDirectoryName(path)!.Equals(AppContext.BaseDirectory.TrimEnd('/', '\\'), StringComparison.Ordinal)
                || Path.GetFileName(path) == "System.Numerics.Tensors.dll"
            )
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static readonly MetadataReference Runtime = MetadataReference.CreateFromFile(typeof(ModelBuild.Runtime.ModelHost).Assembly.Location);

    public static readonly MetadataReference OnnxRuntime = MetadataReference.CreateFromFile(
        typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.Location
    );

    private GeneratorRun(GeneratorDriverRunResult result, Compilation compilation)
    {
        Result = result;
        Compilation = compilation;
    }

    public GeneratorDriverRunResult Result { get; }

    /// <summary>The project with the generated files in it.</summary>
    public Compilation Compilation { get; }

    /// <summary>The generated file of the only model.</summary>
    public string Source => Assert.Single(Result.GeneratedTrees).ToString();

    public IEnumerable<string> DiagnosticIds => Result.Diagnostics.Select(diagnostic => diagnostic.Id);

    public static GeneratorRun Of(params SignatureText[] signatures) => Of("", LanguageVersion.CSharp8, null, signatures);

    public static GeneratorRun Of(string source, LanguageVersion version, IEnumerable<MetadataReference>? references, params SignatureText[] signatures)
    {
        var compilation = Compile(source, version, references);
        var driver = Driver(
            version,
            [.. signatures.Select((signature, index) => File($"/obj/{index}/{signature.ClassName}.signature.json", signature.ToString()))]
        );
        var result = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _).GetRunResult();
        return new GeneratorRun(result, output);
    }

    // The .NET SDK never reports these two: a reference to an older version of an assembly is bound to the newer one that the application has.
    private static readonly KeyValuePair<string, ReportDiagnostic>[] BindingRedirects =
    [
        new("CS1701", ReportDiagnostic.Suppress),
        new("CS1702", ReportDiagnostic.Suppress),
    ];

    private static readonly MetadataReference[] Usual = [Runtime, OnnxRuntime];

    // All compilations that are derived from this one share the symbols of its references, so that these are read once.
    private static readonly CSharpCompilation Empty = Create(Usual);

    public static CSharpCompilation Compile(string source, LanguageVersion version, IEnumerable<MetadataReference>? references = null) =>
        (references is null ? Empty : Create(references)).AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, Options(version), "/src/App.cs"));

    public static CSharpGeneratorDriver Driver(LanguageVersion version, IReadOnlyList<AdditionalText> files, bool marked = true, string implicitUsings = "") =>
        CSharpGeneratorDriver.Create(
            [new ModelBuildGenerator().AsSourceGenerator()],
            files,
            Options(version),
            new MarkedFiles(marked, implicitUsings),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)
        );

    public static AdditionalText File(string path, string? text) => new MemoryText(path, text);

    /// <summary>Fails with the code, when the compiler has anything to say about it.</summary>
    public GeneratorRun MustCompile()
    {
        var said = Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToArray();
        Assert.True(
            said.Length == 0,
            string.Join('\n', said.Select(diagnostic => diagnostic.ToString()))
                + "\n"
                + string.Join('\n', Result.GeneratedTrees.Select(tree => tree.ToString()))
        );
        return this;
    }

    private static CSharpCompilation Create(IEnumerable<MetadataReference> references) =>
        CSharpCompilation.Create(
            "App",
            references: [.. Framework, .. references],
            options: new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error,
                warningLevel: 9999,
                specificDiagnosticOptions: BindingRedirects
            )
        );

    private static CSharpParseOptions Options(LanguageVersion version) => new(version, DocumentationMode.Diagnose);

    private sealed class MemoryText(string path, string? text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText? GetText(CancellationToken cancellationToken = default) =>
            text is null ? null : SourceText.From(text, System.Text.Encoding.UTF8);
    }
}
