using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>Which dimensions a caller is asked for.</summary>
public sealed class ShapePlanTests
{
    [Theory]
    [InlineData("", "x: float32[batch, 3, 28, 28]")]
    [InlineData("", "x: float32[?, 3]")]
    [InlineData("int height, int width", "x: float32[batch, 3, height, width]")]
    [InlineData("", "x: float32[1, 3, height, width]", "other: float32[width]")]
    [InlineData("int height", "x: float32[batch, 3, height, width]", "other: float32[width]")]
    [InlineData("int sequence", "ids: int64[batch, sequence]", "mask: int64[batch, sequence]")]
    [InlineData("", "audio: float32[batch, samples]", "state: float32[2, batch, 128]", "rate: int64[]")]
    [InlineData("int n", "x: float32[n, n]")]
    [InlineData("", "x: float32[n, n]", "y: float32[n]")]
    [InlineData("int n", "x: float32[n, 0]")]
    [InlineData("int xDim1", "x: float32[?, ?]")]
    [InlineData("int xDim2, int xDim3", "x: float32[?, 3, ?, ?]")]
    [InlineData("int xDim1, int yDim1", "x: float32[?, ?]", "y: float32[?, ?]")]
    [InlineData("int @in, int tokens", "x: float32[n, in, tokens]")]
    [InlineData("int batch2", "batch: float32[n, batch]")]
    [InlineData("int floorH2", "x: float32[n, floor(h/2)]")]
    [InlineData("global::System.ReadOnlySpan<long> xShape", "x: float32[*]")]
    [InlineData("global::System.ReadOnlySpan<long> xShape, int b", "x: float32[*]", "y: float32[a, b]")]
    public void Asks_only_for_what_does_not_follow(string expected, params string[] inputs)
    {
        var source = GeneratorRun.Of(new SignatureText { Inputs = inputs, Outputs = ["out: float32[1]"] }).MustCompile().Source;
        var run = source.Split('\n').First(line => line.Contains("public Result Run(", StringComparison.Ordinal));
        var parameters = run[(run.IndexOf('(', StringComparison.Ordinal) + 1)..run.LastIndexOf(')')].Split(", ");
        Assert.Equal(expected, string.Join(", ", parameters.Skip(inputs.Length)));
    }

    [Theory]
    [InlineData("", "", "x: float32[batch, 80]", "h: float32[1, batch, 256]")]
    [InlineData("int batch = 1", "", "x: float32[batch, time, 80]", "h: float32[1, batch, 256]")]
    [InlineData("int batch = 1", "int height", "x: float32[batch, width, height]", "h: float32[batch]")]
    [InlineData("int hDim0 = 1", "int xDim1", "x: float32[?, ?]", "h: float32[?]")]
    [InlineData("int cache = 1", "", "x: float32[n]", "h: float32[n, cache]")]
    [InlineData("int a = 1", "", "x: float32[a, b]", "h: float32[b, a]")]
    public void A_stream_asks_once_for_what_its_states_need(string opened, string asked, params string[] inputs)
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Inputs = inputs,
                    Outputs = ["hn: float32[*]"],
                    States = ["hn=h"],
                }
            )
            .MustCompile()
            .Source;
        var lines = source.Split('\n');
        Assert.Equal(opened, Parameters(lines.Single(line => line.Contains("public Stream OpenStream(", StringComparison.Ordinal))));
        Assert.Equal(
            asked,
            string.Join(", ", Parameters(lines.Last(line => line.Contains("public Result Run(", StringComparison.Ordinal))).Split(", ").Skip(1))
        );

        static string Parameters(string line) => line[(line.IndexOf('(', StringComparison.Ordinal) + 1)..line.LastIndexOf(')')];
    }

    [Fact]
    public void Buffers_only_for_outputs_whose_size_is_known_before()
    {
        Assert.True(HasBuffers("y: float32[batch, 10]"));
        Assert.True(HasBuffers("y: float32[]", "z: int64[3]"));
        Assert.False(HasBuffers("y: float32[batch, ?]"));
        Assert.False(HasBuffers("y: float32[other]"));
        Assert.False(HasBuffers("y: float32[*]"));
        Assert.False(HasBuffers("y: string[batch]"));
        Assert.True(HasBuffers("y: float32[batch]", "parts: seq(tensor(float))"));

        static bool HasBuffers(params string[] outputs) =>
            GeneratorRun.Of(new SignatureText { Outputs = outputs }).MustCompile().Source.Contains("public void Run(", StringComparison.Ordinal);
    }
}
