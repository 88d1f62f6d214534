using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Inlines the functions that a model defines. A function with the name of an operator of ONNX Runtime is not inlined, because ONNX Runtime runs its operator
/// instead of the function.
/// </summary>
internal static class LocalFunctions
{
    private static readonly ConcurrentDictionary<(string Domain, string Name, long Version), bool> Known = new();

    /// <summary>Replaces each call of a function that the model defines by the body of the function.</summary>
    /// <exception cref="OnnxException">A function calls itself, or the functions expand to more nodes than a model can need.</exception>
    public static void Inline(OnnxModel model) => FunctionInlining.Apply(model, function => IsOperator(function, model.Opset(function.Domain)));

    // Returns whether ONNX Runtime has an operator with the domain and name of a function. ONNX Runtime has operators only in a few domains, and a function of
    // any other domain is no operator.
    private static bool IsOperator(FunctionProto function, long version) =>
        function.Domain switch
        {
            var domain when Domains.IsStandard(domain) => true,
            var domain when domain.StartsWith("ai.onnx.", StringComparison.Ordinal) || Domains.IsMicrosoft(domain) => Known.GetOrAdd(
                (domain, function.Name, version),
                name => IsRegistered(name.Domain, name.Name, name.Version)
            ),
            _ => false,
        };

    private static bool IsRegistered(string domain, string name, long version)
    {
        var graph = new GraphProto { Name = "operator" };
        graph.Input.Add(new InferredTensor(DataType.Float, [1]).Declare("x"));
        graph.Node.Add(Nodes.Create(name, ["x"], ["y"], domain: domain));
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        var proto = new ModelProto { IrVersion = 8, Graph = graph };
        proto.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        try
        {
            Sessions.OpenUnoptimized(new OnnxModel(proto)).Dispose();
            return true;
        }
        catch (OnnxRuntimeException exception)
        {
            // A message of ONNX Runtime about an unknown operator contains one of the two texts that are searched for here. Any other message is about the
            // inputs or attributes of a known operator.
            return !exception.Message.Contains("No Op registered", StringComparison.Ordinal)
                && !exception.Message.Contains("not a registered function/op", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is FileNotFoundException or CompressionException { Code: Codes.OnnxRuntimeMissing })
        {
            return false;
        }
    }
}
