using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Taking a node that hands its first input on out of the graph.</summary>
internal static class Bypassing
{
    /// <summary>Removes the node; false where names that are part of a contract stand in the way.</summary>
    public static bool Bypass(this Graph scope, NodeProto node)
    {
        var (source, result) = (node.Input[0], node.Output[0]);
        if (!scope.IsOutputAnywhere(result))
        {
            if (!scope.CanReplaceUses(result, source))
                return false;
            scope.Remove(node);
            scope.ReplaceUses(result, source);
            return true;
        }

        // The result's name is part of a contract, so the value takes it over; that needs a producer that is ours to rename.
        if (
            scope.Producer(source) is not { } producer
            || !scope.Contains(producer)
            || !scope.IsOutput(result)
            || scope.IsOutputAnywhere(source)
            || !scope.IsOwnAlone(result)
        )
            return false;
        scope.Remove(node);
        scope.RenameValue(source, result);
        return true;
    }
}
