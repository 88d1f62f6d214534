using ModelBuild.Generator.Naming;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>The rule by which raw names become C# names. A change here renames members in users' code.</summary>
public sealed class NamingTests
{
    [Theory]
    [InlineData("image", "Image", "image")]
    [InlineData("input_ids", "InputIds", "inputIds")]
    [InlineData("pixelValues", "PixelValues", "pixelValues")]
    [InlineData("PixelValues", "PixelValues", "pixelValues")]
    [InlineData("INPUT__0", "Input0", "input0")]
    [InlineData("IMAGE", "Image", "image")]
    [InlineData("X", "X", "x")]
    [InlineData("ID", "ID", "id")]
    [InlineData("XMLData", "XmlData", "xmlData")]
    [InlineData("LRScale", "LRScale", "lrScale")]
    [InlineData("input:0", "Input0", "input0")]
    [InlineData("a/b/c", "ABC", "aBC")]
    [InlineData("/model/Gemm_output_0", "ModelGemmOutput0", "modelGemmOutput0")]
    [InlineData("conv1x1", "Conv1x1", "conv1x1")]
    [InlineData("8bit", "_8bit", "_8bit")]
    [InlineData("1", "_1", "_1")]
    [InlineData("class", "Class", "class")]
    [InlineData("", "Input3", "input3")]
    [InlineData("🙂", "Input3", "input3")]
    [InlineData("__", "Input3", "input3")]
    [InlineData("输入", "输入", "输入")]
    [InlineData("große-Fläche", "GroßeFläche", "großeFläche")]
    [InlineData("cafe\u0301", "Cafe\u0301", "cafe\u0301")]
    [InlineData("\u0301a", "A", "a")]
    [InlineData("İstanbul", "İstanbul", "İstanbul")]
    [InlineData("a\ud83d", "A", "a")]
    public void Of_one_tensor(string raw, string property, string parameter)
    {
        Assert.Equal(property, Identifier.Pascal(raw, "Input3"));
        Assert.Equal(parameter, Identifier.Camel(raw, "input3"));
    }

    [Theory]
    [InlineData("class", "@class")]
    [InlineData("in", "@in")]
    [InlineData("value", "value")]
    [InlineData("image", "image")]
    public void Keywords_are_escaped(string name, string written) => Assert.Equal(written, Identifier.Escape(name));

    [Fact]
    public void Clashes_are_numbered_in_order()
    {
        var scope = new NameScope(ReservedNames.Members, ReservedNames.MemberSuffix);
        Assert.Equal(
            ["AB", "AB2", "AB3", "X1", "X1_2", "RunTensor", "RunTensor2", "DisposeTensor", "ToStringTensor"],
            new[] { "AB", "AB", "AB", "X1", "X1", "Run", "Run", "Dispose", "ToString" }.Select(scope.Take)
        );
    }

    [Fact]
    public void Inputs_and_outputs_have_scopes_of_their_own()
    {
        var source = GeneratorRun.Of(new SignatureText { Inputs = ["x: float32[n]"], Outputs = ["x: float32[n]"] }).MustCompile().Source;
        Assert.Contains("TensorView<float> X =>", source, StringComparison.Ordinal);
        Assert.Contains("public void Run(global::System.ReadOnlySpan<float> x, global::System.Span<float> x2)", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Chosen_names_come_before_those_that_follow_from_the_model()
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Inputs = ["width: float32[n, k, p2o.DynamicDimension.1, ?]", "x_0: float32[n]", "scores: float32[n]"],
                    Outputs = ["scores: float32[n]", "softmax_11.tmp_0: float32[n]"],
                    Names = ["softmax_11.tmp_0=Scores", "p2o.DynamicDimension.1=width", "?=Height", "x_0=mask"],
                }
            )
            .MustCompile()
            .Source;

        Assert.Contains(
            "public Result Run(global::System.ReadOnlySpan<float> width2, global::System.ReadOnlySpan<float> mask, "
                + "global::System.ReadOnlySpan<float> scores2, int width, int height)",
            source,
            StringComparison.Ordinal
        );
        Assert.Contains("TensorView<float> Scores => _result.Tensor<float>(1);", source, StringComparison.Ordinal);
        Assert.Contains("TensorView<float> Scores2 => _result.Tensor<float>(0);", source, StringComparison.Ordinal);
        Assert.Contains("public const string Scores = \"softmax_11.tmp_0\";", source, StringComparison.Ordinal);
        // Doc comments and the contract use the names of the model.
        Assert.Contains("The size of p2o.DynamicDimension.1 in <c>width</c>.", source, StringComparison.Ordinal);
        Assert.Contains("TensorContract.Of(\"width\", \"float32\", \"n\", \"k\", \"p2o.DynamicDimension.1\", ", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_have_the_chosen_names()
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Inputs = ["x: float32[n, t]", "h: float32[1, n]"],
                    Outputs = ["y: float32[n, t]", "hn: float32[1, n]"],
                    States = ["hn=h"],
                    Names = ["x=Audio", "y=Speech", "hn=Memory", "h=Memory", "n=voices"],
                }
            )
            .MustCompile()
            .Source;

        Assert.Contains("Stream OpenStream(int voices = 1)", source, StringComparison.Ordinal);
        Assert.Contains("public Result Run(global::System.ReadOnlySpan<float> audio)", source, StringComparison.Ordinal);
        Assert.Contains("TensorView<float> Memory => _result.Tensor<float>(1);", source, StringComparison.Ordinal);
        Assert.Contains("<c>hn</c> becomes <c>h</c> of the next call", source, StringComparison.Ordinal);
    }
}
