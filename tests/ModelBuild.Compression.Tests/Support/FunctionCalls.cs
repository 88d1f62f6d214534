using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Creates calls of functions that a model defines for itself, in the domain "own".</summary>
internal static class FunctionCalls
{
    public static Net Call(this Net net, string function, string inputs, string outputs, params (string Name, object Value)[] attributes) =>
        net.Add(Make(function, inputs, outputs, attributes));

    public static NodeProto Make(string function, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        var call = Net.Make(function, inputs, outputs, attributes);
        (call.Domain, call.Name) = ("own", $"call {outputs}");
        return call;
    }
}
