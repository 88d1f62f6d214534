using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Tests.Calibration;

/// <summary>Tests that a message names the arrays that nothing reads, and that it does not name arrays that are read under any name.</summary>
public sealed class UnusedArraysTests : IDisposable
{
    private const int Rows = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x", "x")]
    [InlineData("x", "x label")]
    [InlineData("x", "arr_0")]
    [InlineData("x", "arr_0 label")]
    [InlineData("a b", "a b label")]
    [InlineData("label", "label")]
    [InlineData("x label", "x label")]
    public void What_is_read_is_not_named(string inputs, string arrays) => Assert.Empty(Find(inputs, arrays));

    [Theory]
    [InlineData("labels")]
    [InlineData("y")]
    [InlineData("target")]
    [InlineData("Label")]
    [InlineData("class")]
    public void Labels_under_another_name_are_told_theirs(string name)
    {
        var warning = Assert.Single(Find("x", "x " + name));
        Assert.Equal(Codes.DataNotUsed, warning.Code);
        Assert.Contains(
            $"'{name}' int64[{Rows}] in data.npz. If '{name}' holds the true class of each row, name it 'label'",
            warning.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_arrays_are_one_message()
    {
        var warning = Assert.Single(Find("a b", "a b c d label"));
        Assert.Contains("arrays that the model does not use: 'c' int64[12] in data.npz, 'd' int64[12] in data.npz.", warning.Text, StringComparison.Ordinal);
        Assert.EndsWith("The inputs of the model are 'a', 'b'.", warning.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "The last 2 of 12 rows of 'x' in the calibration data had no effect, because the model computes 5 rows in one call.")]
    [InlineData(4, null)]
    [InlineData(1, null)]
    [InlineData(-1, null)]
    public void Rows_that_fill_no_batch_are_counted(int batch, string? message)
    {
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([Rows, 2], new float[2 * Rows])));
        var signature = SignatureReader.Read(new Net().Input("x", batch, 2).Node("Relu", "x", "y").Output("y").Build());
        Assert.Equal(message is null ? [] : [message], UnusedArrays.Find([data], signature).Select(warning => warning.Text));
    }

    private IReadOnlyList<Warning> Find(string inputs, string arrays)
    {
        var net = inputs.Split(' ').Aggregate(new Net(), (net, input) => net.Input(input, -1));
        var data = Numpy.Npz(_folder.File("data.npz"), [.. arrays.Split(' ').Select(name => (name, Numpy.Array([Rows], new long[Rows])))]);
        return UnusedArrays.Find([data], SignatureReader.Read(net.Node("Relu", inputs.Split(' ')[0], "y").Output("y").Build()));
    }
}
