using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>The program in docs/calibration-data.md compiles as it stands, and what it writes is calibration data.</summary>
public sealed partial class CalibrationDocumentTests : IDisposable
{
    // The global usings that ImplicitUsings adds to a file-based program.
    private const string Usings = "global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic;";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_program_of_the_page_writes_data_that_is_read()
    {
        new Net()
            .Input("image", -1, 1, 28, 28)
            .Weight("w", 784, 10)
            .Node("Flatten", "image", "f")
            .Node("MatMul", "f w", "z")
            .Node("Softmax", "z", "y", ("axis", 1))
            .Output("y", DataType.Float, -1, 10)
            .Save(_folder.File("digits.onnx"));
        RunProgram();

        var result = new ModelBuildProgram(_folder).Run(
            "compress",
            "digits.onnx",
            "--calibration-data",
            "calibration.npz",
            "--compression",
            "int8-weights",
            "--json"
        );

        Assert.Equal(0, result.ExitCode);
        var verification = result.Json.GetProperty("verification");
        Assert.Equal(("calibration", 64), (verification.GetProperty("inputs").GetString(), verification.GetProperty("samples").GetInt32()));
        // The program reads the labels, and warns because the model does not have these classes.
        var warning = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("not right more often than by chance", warning, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void RunProgram()
    {
        var page = File.ReadAllText(Path.Combine(Corpus.Repository, "docs/calibration-data.md")).ReplaceLineEndings("\n");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "make-npz",
            [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(Program().Match(page).Groups["code"].Value)],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)
        );
        var emitted = compilation.Emit(_folder.File("make-npz.dll"));
        Assert.Empty(emitted.Diagnostics.Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning));
        _folder.Write(
            "make-npz.runtimeconfig.json",
            """{ "runtimeOptions": { "tfm": "net10.0", "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }"""
        );
        using var process = Process.Start(
            new ProcessStartInfo(ModelBuildProgram.Host(), [_folder.File("make-npz.dll")])
            {
                WorkingDirectory = _folder.Path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            }
        )!;
        Assert.Equal((0, "", ""), ModelBuildProgram.Wait(process) is var result ? (result.ExitCode, result.Output, result.Error) : default);
    }

    [GeneratedRegex("A test compiles and runs this program\\..*?```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();
}
