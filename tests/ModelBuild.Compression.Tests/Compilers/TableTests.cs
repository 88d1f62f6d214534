using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the tables of operators.</summary>
public sealed class TableTests
{
    // Opsets with all operators of the standard: the newest, and one with operators that later ones do not have.
    private static readonly long[] Opsets = [23, 9];

    public static TheoryData<string> Names => [.. Compiler.All.Select(compiler => compiler.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_operator_of_a_table_is_one_of_the_standard(string compiler)
    {
        var operators = Exporting.Compiler(compiler).Operators.Keys.Where(name => name is not ("If" or "Loop" or "Scan")).ToArray();

        Assert.True(operators.Length > 100, $"The table has {operators.Length} operators.");
        Assert.Empty(operators.Where(name => !Opsets.Any(opset => IsStandard(name, opset))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_names_its_source(string compiler)
    {
        var source = Exporting.Compiler(compiler).Source;

        Assert.StartsWith("https://github.com/", source.Url, StringComparison.Ordinal);
        Assert.NotEmpty(source.Version);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", source.Date);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_newer_opset_is_refused(string compiler)
    {
        var model = new Net(opset: 30).Input("x", 2, 3).Node("Relu", "x", "y").Output("y", DataType.Float, 2, 3).Build();

        var refusal = Assert.Single(new GraphCheck(Exporting.Compiler(compiler), new Graph(model)).Refusals());

        Assert.StartsWith("the model: its opset is 30, and ", $"{refusal}", StringComparison.Ordinal);
    }

    // ONNX Runtime has other messages for inputs and attributes that are wrong.
    private static bool IsStandard(string name, long opset)
    {
        var model = new Net(opset).Input("x", 1, 1).Node(name, "x", "y").Output("y").Build();
        try
        {
            Sessions.OpenUnoptimized(model).Dispose();
            return true;
        }
        catch (OnnxRuntimeException exception)
        {
            return !exception.Message.Contains("No Op registered", StringComparison.Ordinal)
                && !exception.Message.Contains("not a registered function/op", StringComparison.Ordinal);
        }
    }
}
