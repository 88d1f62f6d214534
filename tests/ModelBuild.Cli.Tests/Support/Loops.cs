using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>A model that loads at once and runs for hours.</summary>
internal static class Loops
{
    public static string Save(string path)
    {
        var body = new GraphProto
        {
            Name = "body",
            Node = { Net.Make("Identity", "go", "on"), Net.Make("Add", "state state", "next") },
            Input = { new Net().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("state", 1).Build().Proto.Graph.Input },
            Output = { new Net().Input("on", DataType.Bool).Input("next", 1).Build().Proto.Graph.Input },
        };
        return new Net()
            .Input("x", 1)
            .Constant("rounds", [], 100_000_000_000L)
            .Constant("yes", [], true)
            .Node("Loop", "rounds yes x", "y", ("body", body))
            .Output("y")
            .Save(path);
    }
}
