using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Tests.Signatures;

/// <summary>Tests the class names from files and from models' own metadata.</summary>
public sealed class LabelTests
{
    [Theory]
    [InlineData("a, b,c,", "a|b|c")]
    [InlineData("x, y\r\nz\n", "x, y|z")]
    [InlineData("[\"p\", \"q,r\"]", "p|q,r")]
    [InlineData("[a, b", "[a|b")]
    // Ultralytics' exporter writes names in this form.
    [InlineData("{0: 'person', 1: 'bicycle', 2: \"driver's seat\", 3: 'it\\'s'}", "person|bicycle|driver's seat|it's")]
    [InlineData("['cat', 'dog', 'gr\\xfc\\u00dfe',]", "cat|dog|grüße")]
    [InlineData("('cat', 'dog')", "('cat'|'dog')")]
    [InlineData("{'id2label': {0: 'cat', 1: 'dog'}, 'nothing': None, 'is': True, 'size': (224, 224)}", "cat|dog")]
    // Files of Hugging Face have names in this form.
    [InlineData("{\"1\": \"dog\", \"0\": \"cat\"}", "cat|dog")]
    [InlineData("{\"dog\": 1, \"cat\": 0}", "cat|dog")]
    [InlineData("{\"model_type\": \"vit\", \"hidden_size\": 8, \"id2label\": {\"0\": \"cat\", \"1\": \"dog\"}, \"label2id\": {\"cat\": \"0\"}}", "cat|dog")]
    [InlineData("{\"text\": {\"layers\": 2}, \"vision\": {\"classes\": [\"cat\", \"dog\"]}}", "cat|dog")]
    // Keras' index of ImageNet has names in this form.
    [InlineData("{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}", "tench|goldfish")]
    public void Are_read_from_metadata_and_from_files(string text, string labels)
    {
        using var folder = new TemporaryFolder();
        var model = new Net().Input("x", 1).Build();
        model.SetMetadata("names", text);
        Assert.Equal(labels, string.Join('|', LabelSource.Read("metadata:names", model)));
        if (text[0] is '{' or '[' && !labels.StartsWith('['))
            Assert.Equal(labels, string.Join('|', LabelSource.Read(folder.Write("labels.json", text), model)));
    }

    [Theory]
    [InlineData("{\"0\": \"cat\", \"2\": \"dog\"}", "its 2 numbers are not those from 0 to 1.")]
    [InlineData("{0: 'cat', 0: 'dog'}", "its 2 numbers are not those from 0 to 1.")]
    [InlineData("{\"hidden_size\": 8}", "it has no labels: an array of texts, or an object such as {\"0\": \"cat\"}")]
    [InlineData("[1, 2]", "it has no labels: an array of texts")]
    [InlineData("cat\ndog", "the file is not JSON.")]
    public void Without_labels_are_one_error(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("labels.json", text);
        var exception = Assert.Throws<CompressionException>(() => LabelSource.Read(file, new Net().Input("x", 1).Build()));
        Assert.Equal((Codes.Labels, file), (exception.Code, exception.File));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_text_files_are_lines()
    {
        using var folder = new TemporaryFolder();
        var model = new Net().Input("x", 1).Build();
        Assert.Equal(["a b", "c, d"], LabelSource.Read(folder.Write("labels.txt", " a b \r\n\r\nc, d\n"), model));
        Assert.Equal(["one, two"], LabelSource.Read(folder.Write("one.txt", "one, two"), model));
        Assert.Equal(["cat"], LabelSource.Read(folder.Write("json.txt", "[\"cat\"]"), model));
    }
}
