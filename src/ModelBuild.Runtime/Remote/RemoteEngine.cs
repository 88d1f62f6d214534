using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Engines;

namespace ModelBuild.Runtime.Remote;

/// <summary>Runs the calls of a model on a server.</summary>
/// <param name="server">The server.</param>
/// <param name="isBinary">Whether the server takes tensors in binary form.</param>
internal sealed class RemoteEngine(RemoteServer server, bool isBinary) : Engine
{
    public override string Provider => "remote";

    public override InferenceSession? Session => null;

    public override EngineCall NewCall(CallTensors tensors) => new RemoteCall(server, isBinary, tensors);

    protected override void Close() { }
}
