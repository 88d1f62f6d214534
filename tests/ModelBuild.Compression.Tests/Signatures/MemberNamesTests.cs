using System.Text.Json.Nodes;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Tests.Signatures;

/// <summary>Tests the names in C# that a project chooses for members whose names in the model are unsuitable.</summary>
public sealed class MemberNamesTests
{
    private static readonly ModelSignature _model = new(
        "",
        [Value("x", Symbol("n"), Size(3), Symbol("p2o.DynamicDimension.1"), Symbol(null)), Value("a=b"), Value("same", Symbol("n"))],
        [Value("softmax_11.tmp_0", Symbol("n"), Symbol("k")), Value("same"), Value("n")]
    );

    [Theory]
    [InlineData(null, "")]
    [InlineData(" ; ", "")]
    [InlineData("softmax_11.tmp_0=Scores; p2o.DynamicDimension.1 = width", "inputs x/2: width; outputs softmax_11.tmp_0: Scores")]
    [InlineData("x/3=height;x/2=width;x/0=many", "inputs x/0: many; inputs x/2: width; inputs x/3: height; inputs same/0: many")]
    [InlineData("same=Both;a=b=AB", "inputs a=b: AB; inputs same: Both; outputs same: Both")]
    // The name is that of the output, and not that of the dimension.
    [InlineData("n=Number", "outputs n: Number")]
    [InlineData("x=width;softmax_11.tmp_0=width", "inputs x: width; outputs softmax_11.tmp_0: width")]
    [InlineData("x=größe_2;same=_1", "inputs x: größe_2; inputs same: _1; outputs same: _1")]
    public void Go_to_the_signature(string? text, string expected)
    {
        var binding = new SignatureBinding("A", new Dictionary<string, string>(), "a.onnx", "copy", "a.onnx", [], [])
        {
            Members = MemberNames.Read(_model, text),
        };
        var json = JsonNode.Parse(SignatureFile.ToJson(_model, binding))!;

        Assert.Equal(
            expected,
            string.Join("; ", new[] { "inputs", "outputs" }.SelectMany(side => json[side]!.AsArray().SelectMany(value => Members(side, value!))))
        );
        Assert.Equal(_model.Hash(), json["hash"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(
        "softmax_11.tmp_0",
        "Names has 'softmax_11.tmp_0', which is not a pair of a name in the model and a C# name, such as 'softmax_11.tmp_0=Scores'."
    )]
    [InlineData("=Scores", "Names has '=Scores', which is not a pair of a name in the model and a C# name, such as 'softmax_11.tmp_0=Scores'.")]
    [InlineData("x=2d", "Names has 'x=2d', and '2d' cannot be a name in C#: a letter or '_', then letters, digits and '_'.")]
    [InlineData("x=the scores", "Names has 'x=the scores', and 'the scores' cannot be a name in C#: a letter or '_', then letters, digits and '_'.")]
    [InlineData("x=A;x=B", "Names has 'x=B', but another entry already renames 'x'.")]
    [InlineData("x/2=A;p2o.DynamicDimension.1=B", "Names has 'p2o.DynamicDimension.1=B', but another entry already renames 'p2o.DynamicDimension.1'.")]
    [InlineData("x=width;p2o.DynamicDimension.1=Width", "Names has the name 'width' twice.")]
    [InlineData("softmax_11.tmp_0=Y;n=Y", "Names has the name 'Y' twice.")]
    [InlineData(
        "softmax_11.tmp_1=Y",
        "Names has 'softmax_11.tmp_1', which the model does not have. Did you mean 'softmax_11.tmp_0'? "
            + "It has the inputs x, a=b, same, the outputs softmax_11.tmp_0, same, n, and the dynamic dimensions n, p2o.DynamicDimension.1, x/3."
    )]
    // One name is that of a fixed size, and the other one is that of a dimension that callers do not set.
    [InlineData("x/1=A", "Names has 'x/1', which the model does not have.")]
    [InlineData("k=A", "Names has 'k', which the model does not have.")]
    public void That_cannot_be_are_one_error(string text, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => MemberNames.Read(_model, text));
        Assert.Equal(Codes.States, exception.Code);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Members(string side, JsonNode value) =>
        new[] { ("", value) }
            .Concat(value["shape"]!.AsArray().Select((dimension, axis) => ($"/{axis}", dimension!)))
            .Where(part => part.Item2["member"] is not null)
            .Select(part => $"{side} {value["name"]!.GetValue<string>()}{part.Item1}: {part.Item2["member"]!.GetValue<string>()}");

    private static ValueSignature Value(string name, params Dimension[] shape) => new(name, ValueKind.Tensor, "float32", shape);

    private static Dimension Symbol(string? name) => new(null, name);

    private static Dimension Size(long size) => new(size, null);
}
