using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Compilers.Tables;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Exports models for compilers, and tests what each export must have.</summary>
internal static class Exporting
{
    public static Compiler Compiler(string name) => CompilerCatalog.All.Single(compiler => compiler.Name == name);

    /// <summary>Exports a copy of a model, and tests the result.</summary>
    public static ExportedModel Export(this OnnxModel model, string compiler, params (string Input, long[] Shape)[] shapes) =>
        model.Export(compiler, ExportPrecision.AsIs, shapes);

    /// <summary>Exports a copy of a model with a precision, and tests the result.</summary>
    public static ExportedModel Export(this OnnxModel model, string compiler, ExportPrecision precision, params (string Input, long[] Shape)[] shapes)
    {
        var given = shapes.ToDictionary(shape => shape.Input, shape => shape.Shape);
        var exported = new CompilerExport(Compiler(compiler), precision).Run(model.Clone(), given, TestContext.Current.CancellationToken);
        Check(exported.Model, Compiler(compiler));
        return exported;
    }

    /// <summary>Exports a copy of a model that the compiler does not accept, and returns the message.</summary>
    public static string Refusal(this OnnxModel model, string compiler)
    {
        var given = new Dictionary<string, long[]>();
        var exception = Assert.Throws<CompressionException>(() =>
            new CompilerExport(Compiler(compiler), ExportPrecision.AsIs).Run(model.Clone(), given, TestContext.Current.CancellationToken)
        );
        Assert.Equal(Codes.UnknownOption, exception.Code);
        return exception.Message;
    }

    /// <summary>Compresses a copy of a model for a target. Steps with data get synthetic inputs.</summary>
    public static OnnxModel Compressed(this OnnxModel model, string recipe, string? target = null)
    {
        var copy = model.Clone();
        if (recipe.Length == 0)
            return copy;
        var samples = new SyntheticInputs(copy, SignatureReader.Read(copy), DynamicDimensions.Guesses[0]).Read(CancellationToken.None).ToArray();
        var context = new PassContext(copy, new PassReport(), CancellationToken.None)
        {
            Calibration = new CalibrationContext(new FixedSamples([.. samples.Take(3)]), threads: 1),
            Target = TargetProfile.Parse(target),
        };
        RecipePipeline.Run(context, RecipeParser.Parse(recipe));
        return copy;
    }

    // The method checks that the operators are those of the table and that all sizes are fixed. It does not use the check of the export.
    private static void Check(OnnxModel model, Compiler compiler)
    {
        var main = new Graph(model);
        Assert.All(main.SelfAndSubgraphs().SelectMany(scope => scope.Nodes), node => Assert.True(node.IsStandard(), $"{node.OpType} of {node.Domain}"));
        Assert.All(main.SelfAndSubgraphs().SelectMany(scope => scope.Nodes), node => Assert.Contains(node.OpType, compiler.Operators.Keys));
        Assert.All(model.Proto.OpsetImport, import => Assert.False(Domains.IsMicrosoft(import.Domain)));
        Assert.InRange(model.Opset(), 1, compiler.NewestOpset);
        var graph = model.Proto.Graph;
        foreach (var info in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            Assert.All(info.Type.TensorType.Shape?.Dim ?? [], size => Assert.Equal(TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue, size.ValueCase));
        var declared = graph.ValueInfo.Concat(graph.Output).Concat(graph.Input).Select(info => info.Name).ToHashSet();
        var values = new GraphValues(main);
        foreach (var value in main.Nodes.SelectMany(node => node.Output).Where(value => value.Length > 0 && values.Of(main, value)?.Shape.Length > 0))
            Assert.Contains(value, declared);
    }
}
