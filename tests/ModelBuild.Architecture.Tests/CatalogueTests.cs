using System.Text.RegularExpressions;
using ModelBuild.Testing;

namespace ModelBuild.Architecture.Tests;

/// <summary>Only the catalogue of operators tells apart operators with weights. Everything else in the engine reads its descriptions.</summary>
public sealed partial class CatalogueTests
{
    [Fact]
    public void Only_the_catalogue_names_operators_with_weights_in_decisions()
    {
        const string Engine = "src/ModelBuild.Compression";
        var files = SourceFiles
            .Under(Engine)
            .Where(file => file.Split(Path.DirectorySeparatorChar)[0] != "Operators")
            .Select(file => (Name: file, Text: File.ReadAllText(Path.Combine(Corpus.Repository, Engine, file))))
            .ToArray();

        Assert.True(files.Length > 300, $"Only {files.Length} files were found.");
        Assert.Empty(files.SelectMany(file => Decision().Matches(file.Text).Select(match => $"{file.Name}: {match.Value.Trim()}")));
    }

    [Theory]
    [InlineData("""if (node.OpType == "Conv")""")]
    [InlineData("""node.OpType is "MatMul" or "Gemm" && other""")]
    [InlineData("""node.OpType is not ("Relu" or "Gemm")""")]
    [InlineData("""{ OpType: "Add" or "Conv" } maker""")]
    [InlineData("""node.Is("LSTM")""")]
    [InlineData("    \"Conv\" or \"ConvTranspose\" => 2,")]
    [InlineData("    case \"Gemm\":")]
    public void Decisions_are_recognized(string code) => Assert.Matches(Decision(), code);

    [Theory]
    [InlineData("""Nodes.Create("MatMul", inputs, outputs)""")]
    [InlineData("""gemm.OpType = "Gemm";""")]
    [InlineData("""node.OpType == "Relu" ? "Conv" : "none""")]
    [InlineData("""node.Is("Transpose")""")]
    public void Other_uses_of_names_are_not_decisions(string code) => Assert.DoesNotMatch(Decision(), code);

    private const string Before = """(OpType(:|\s*(==|!=|is(\s+not)?))\s*\(?("\w+"\s*or\s*)*|\.Is\(|^\s*(case |or )?("\w+"\s*or\s*)*)"(""";
    private const string Operators = "Conv|ConvTranspose|Gemm|MatMul|LSTM|GRU|RNN|FusedConv|FusedGemm|FusedMatMul";
    private const string After = """)"(?!,|\s*:\s*")""";

    [GeneratedRegex(Before + Operators + After, RegexOptions.Multiline)]
    private static partial Regex Decision();
}
