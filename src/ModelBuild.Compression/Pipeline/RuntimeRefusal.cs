using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The reason why ONNX Runtime does not load or run a model, and the node that the reason is about.</summary>
/// <param name="Reason">The reason, as ONNX Runtime states it.</param>
/// <param name="Node">The name of the node; null where the reason names no node of the model.</param>
internal sealed partial record RuntimeRefusal(string Reason, string? Node)
{
    /// <summary>Reads the reason and the node from an exception of ONNX Runtime.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="model">The model that it is about.</param>
    public static RuntimeRefusal Of(OnnxRuntimeException exception, OnnxModel model)
    {
        var reason = Sessions.Reason(exception);
        var nodes = new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).ToArray();
        var named = NodeName()
            .Matches(reason)
            .Select(match => match.Groups["name"].Value)
            .FirstOrDefault(name => name.Length > 0 && nodes.Any(node => node.Name == name));
        return new RuntimeRefusal(reason, named ?? Reader(reason, nodes));
    }

    // Some error texts of ONNX Runtime name a value instead of a node. Returns the name of the node that reads or computes the value. If that node has no name,
    // returns the name of a node that reads its output.
    private static string? Reader(string reason, NodeProto[] nodes)
    {
        var words = Word().Matches(reason).Select(match => match.Value).Where(word => word.Length > 1).ToHashSet(StringComparer.Ordinal);
        foreach (var node in nodes.Where(node => node.Input.Concat(node.Output).Any(words.Contains)))
        {
            var readers = nodes.Where(reader => reader.Input.Any(value => value.Length > 0 && node.Output.Contains(value)));
            if (readers.Prepend(node).FirstOrDefault(reader => reader.Name.Length > 0) is { } found)
                return found.Name;
        }

        return null;
    }

    [GeneratedRegex(@"Node \((?<name>[^)]*)\)|[Nn]ame:? ?'(?<name>[^']*)'|In Node, \(""(?<name>[^""]*)""|[Nn]ode: ?(?<name>[^\s:]+)|[Nn]ode '(?<name>[^']*)'")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"[^\s'""(),;]+")]
    private static partial Regex Word();
}
