using ModelBuild.Tasks.Program;

namespace ModelBuild.Tasks.Tests.Program;

public sealed class ProgramLineTests
{
    [Theory]
    [InlineData("/a/m.onnx : error MB1003: not readable: offset 3.", "/a/m.onnx", "MB1003", true, "not readable: offset 3.")]
    [InlineData("C:\\a b\\m(1).onnx : warning MB1007: Operator x:Y", "C:\\a b\\m(1).onnx", "MB1007", false, "Operator x:Y")]
    [InlineData("input:0.onnx : error MB1009: m", "input:0.onnx", "MB1009", true, "m")]
    [InlineData("warning MB1012: Cache entry damaged.", "", "MB1012", false, "Cache entry damaged.")]
    public void Errors_and_warnings_are_read(string line, string file, string code, bool isError, string text) =>
        Assert.Equal(new ProgramLine(text, file, code, isError), ProgramLine.Parse(line));

    [Theory]
    [InlineData("digits: 88,914 → 23,120 bytes, int8-weights, 48.2 dB")]
    [InlineData("error: something of somebody else")]
    [InlineData("")]
    public void Everything_else_is_information(string line) => Assert.Equal(new ProgramLine(line, "", null, false), ProgramLine.Parse(line));
}
