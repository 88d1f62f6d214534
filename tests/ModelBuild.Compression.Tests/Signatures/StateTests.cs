using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Signatures;

/// <summary>Tests which outputs are inputs of the next call.</summary>
public sealed class StateTests
{
    [Theory]
    [InlineData("stateN=state", "x[n] state[2,n,128]", "y[n] stateN[2,n,128]")]
    [InlineData("hn=h;cn=c", "x[n] h[1,n] c[1,n]", "y[n] hn[1,n] cn[1,n]")]
    [InlineData("hn=h0;cn=c0", "x[n] h0[1,n] c0[1,n]", "y[n] hn[1,n] cn[1,n]")]
    [InlineData("h_out=h_in", "x[n] h_in[1,n]", "y[n] h_out[1,n]")]
    [InlineData("hidden_state_out=hidden_state", "x[n] hidden_state[4]", "y[n] hidden_state_out[4]")]
    [InlineData("new_x=x;next.y=y", "x[4] y[5] z[6]", "new_x[4] next.y[5] out[6]")]
    [InlineData("x_next=x", "x[4] z[6]", "x_next[4] out[6]")]
    [InlineData(
        "present.0.key=past_key_values.0.key;present.0.value=past_key_values.0.value",
        "ids[n] past_key_values.0.key[n,8,m] past_key_values.0.value[n,8,m]",
        "logits[n] present.0.key[n,8,m] present.0.value[n,8,m]"
    )]
    [InlineData("present_1=past_1", "ids[n] past_1[4]", "logits[n] present_1[4]")]
    [InlineData("outputCache=inputCache", "x[n] inputCache[3]", "y[n] outputCache[3]")]
    [InlineData("mem=prev_mem", "x[n] prev_mem[3]", "y[n] mem[3]")]
    // If the shape of the output is not specific, the names decide.
    [InlineData("stateN=state", "x[n] state[2,?,128]", "y[n] stateN[?,?,?]")]
    [InlineData("hn=h", "x[n] h[3]", "y[n] hn[*]")]
    public void Are_found_by_name_and_shape(string expected, string inputs, string outputs) =>
        Assert.Equal(expected, Text(StateSource.Read(Signature(inputs, outputs), null)));

    [Theory]
    // The sizes are different, the symbols are different, the type is different, or the state has no initial shape.
    [InlineData("x[n] h[3]", "y[n] hn[4]")]
    [InlineData("ids[n] past_key_values.0.key[n,8,past]", "logits[n] present.0.key[n,8,total]")]
    // The model is a decoder. Its cache grows, although the model does not declare that.
    [InlineData("input_ids:int64[b,n] past_key_values.0.key[b,2,?,8] past_key_values.0.value[b,2,?,8]", "logits[b,n,64] present.0.key[*] present.0.value[*]")]
    [InlineData("x[n] h:float16[3]", "y[n] hn[3]")]
    [InlineData("x[n] h[*]", "y[n] hn[*]")]
    [InlineData("x[n] h:string[3]", "y[n] hn:string[3]")]
    // Words like 'in', 'out' and 'new' mean a state only beside a word for a state.
    [InlineData("image_in[n] mask[n]", "image_out[n] y[n]")]
    [InlineData("x[n] toke[n]", "y[n] token[n]")]
    [InlineData("in[n] x[n]", "out[n] y[n]")]
    [InlineData("n[4] x[n]", "new[4] y[n]")]
    // There are two possible assignments.
    [InlineData("x[n] h[3] h_in[3]", "y[n] h_out[3]")]
    [InlineData("x[n] h[3]", "y[n] hn[3] h_out[3]")]
    // No other input or no other output would remain.
    [InlineData("h[3]", "y[n] hn[3]")]
    [InlineData("x[n] h[3]", "hn[3]")]
    public void Are_not_found_in_doubt(string inputs, string outputs) => Assert.Empty(StateSource.Read(Signature(inputs, outputs), " "));

    [Fact]
    [Trait("Speed", "Slow")]
    public void Are_found_in_the_corpus_where_there_are_some()
    {
        var found = Corpus
            .ModelsOrNone()
            .Select(path =>
                (
                    Path: path,
                    States: Text(StateSource.Read(SignatureReader.Read(OnnxModel.Load(Corpus.Model(path), new OnnxLoadOptions { SkipWeights = true })), null))
                )
            )
            .Where(model => model.States.Length > 0)
            .ToArray();
        Assert.Equal([("models/silero_vad.onnx", "stateN=state"), ("models/silero_vad_op18_ifless.onnx", "stateN=state")], found);
    }

    [Theory]
    [InlineData(" a = b ; c=d ", "a=b;c=d")]
    [InlineData("c=d", "c=d")]
    [InlineData("None", "")]
    public void Are_what_the_project_says(string text, string expected) =>
        Assert.Equal(expected, Text(StateSource.Read(Signature("x[n] b[n,3] d[4] h[4]", "a[?,3] c[4] hn[4]"), text)));

    [Theory]
    [InlineData("hn", "State has 'hn', which is not an output and an input such as 'stateN=state'.")]
    [InlineData(" ; ", "State=\";\" names no state: write 'none' for a model without states, or omit State to find them by name.")]
    [InlineData("hm=h", "State names the output 'hm', which the model does not have. Did you mean 'hn'? It has: hn, text, other.")]
    [InlineData("h=hn", "State names the output 'h', which the model does not have. Did you mean 'hn'? It has: hn, text, other.")]
    [InlineData("hn=state", "State names the input 'state', which the model does not have. It has: x, h, text_in, any, long.")]
    [InlineData("hn=long", "State has 'hn=long', and output 'hn' float32[3] cannot be input 'long' float32[4].")]
    [InlineData("other=h", "State has 'other=h', and output 'other' int64[3] cannot be input 'h' float32[3].")]
    [InlineData("text=text_in", "State has 'text=text_in', and 'text' is a 'text' string[3]; a state is a tensor of numbers.")]
    [InlineData("hn=any", "State has 'hn=any', and the shape of input 'any' is not declared, so that the stream cannot start with zeros.")]
    [InlineData("hn=h; hn=x", "State=\"hn=h; hn=x\" names 'hn' twice.")]
    public void That_cannot_be_are_one_error(string text, string message)
    {
        var exception = Assert.Throws<CompressionException>(() =>
            StateSource.Read(Signature("x[3] h[3] text_in:string[3] any[*] long[4]", "hn[3] text:string[3] other:int64[3]"), text)
        );
        Assert.Equal((Codes.States, message), (exception.Code, exception.Message));
    }

    private static string Text(IEnumerable<StatePair> states) => string.Join(';', states.Select(state => $"{state.Output}={state.Input}"));

    private static ModelSignature Signature(string inputs, string outputs) =>
        new("", [.. inputs.Split(' ').Select(Value)], [.. outputs.Split(' ').Select(Value)]);

    private static ValueSignature Value(string text)
    {
        var (head, inside) = (text[..text.IndexOf('[', StringComparison.Ordinal)].Split(':'), text[(text.IndexOf('[', StringComparison.Ordinal) + 1)..^1]);
        Dimension[]? shape =
            inside == "*"
                ? null
                :
                [
                    .. inside
                        .Split(',')
                        .Select(size => long.TryParse(size, out var number) ? new Dimension(number, null) : new Dimension(null, size == "?" ? null : size)),
                ];
        return new ValueSignature(head[0], ValueKind.Tensor, head.Length > 1 ? head[1] : "float32", shape);
    }
}
