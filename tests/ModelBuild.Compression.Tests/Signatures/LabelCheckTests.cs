using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Signatures;

/// <summary>Tests that labels are compared with the classes of the outputs, and that empty labels are an error.</summary>
public sealed class LabelCheckTests
{
    [Theory]
    [InlineData(10, new long[] { -1, 10 }, null)]
    [InlineData(10, new long[] { 10 }, null)]
    [InlineData(10, new long[] { -1, 10, 7, 7 }, null)]
    // A detector has values of boxes beside those of the classes.
    [InlineData(80, new long[] { 1, 84, 8400 }, null)]
    [InlineData(80, new long[] { 1, 25200, 85 }, null)]
    // An open size may have any value. A single open size is that of a batch.
    [InlineData(10, new long[] { -1, -1 }, null)]
    [InlineData(10, new long[] { -1 }, "There are 10 labels, and no output has as many classes: 'y' float32[?]. Give one label")]
    [InlineData(9, new long[] { -1, 10 }, "'y' has 10 classes: one label is missing.")]
    [InlineData(12, new long[] { -1, 10 }, "'y' has 10 classes: 2 labels are too many.")]
    [InlineData(81, new long[] { -1, 84 }, "'y' has 84 classes: 3 labels are missing.")]
    [InlineData(3, new long[] { -1, 7, 7, 10 }, "There are 3 labels, and no output has as many classes: 'y' float32[?, 7, 7, 10].")]
    public void As_many_as_classes_or_one_message(int labels, long[] shape, string? message)
    {
        var signature = SignatureReader.Read(new Net().Input("x", shape).Node("Relu", "x", "y").Output("y", DataType.Float, shape).Build());
        var warning = LabelCheck.Find([.. Enumerable.Range(0, labels).Select(i => $"class {i}")], signature);
        if (message is null)
        {
            Assert.Null(warning);
            return;
        }

        Assert.Equal(Codes.Labels, warning!.Code);
        Assert.Contains(message, warning.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labels.txt", "")]
    [InlineData("labels.txt", " \n\t\n")]
    [InlineData("labels.json", "[]")]
    public void An_empty_file_is_an_error(string name, string text)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(name, text);
        var exception = Assert.Throws<CompressionException>(() => LabelSource.Read(file, Model("names", "")));
        Assert.Equal((Codes.Labels, file), (exception.Code, exception.File));
        Assert.Contains("The file has no labels, because it is empty.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_key_is_an_error()
    {
        var exception = Assert.Throws<CompressionException>(() => LabelSource.Read("metadata:names", Model("names", " ,")));
        Assert.Equal((Codes.Labels, "The model's metadata 'names' has no labels, because it is empty."), (exception.Code, exception.Message));
    }

    private static OnnxModel Model(string key, string value)
    {
        var model = new Net().Input("x", 1).Build();
        model.SetMetadata(key, value);
        return model;
    }
}
