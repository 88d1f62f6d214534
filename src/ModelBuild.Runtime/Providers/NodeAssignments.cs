using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Native;

namespace ModelBuild.Runtime.Providers;

/// <summary>Reads which provider runs each node of a model. Only the C API of ONNX Runtime has this information.</summary>
internal static unsafe class NodeAssignments
{
    private const uint Version = 24;

    /// <summary>Returns the provider of each node of a session's model.</summary>
    /// <exception cref="NotSupportedException">This version of ONNX Runtime does not report which provider runs a node.</exception>
    public static List<NodeAssignment> Read(InferenceSession session)
    {
        try
        {
            return Query(session);
        }
        catch (MissingFieldException exception)
        {
            throw new NotSupportedException("The placement of nodes is not available in this version of the .NET library of ONNX Runtime.", exception);
        }
    }

    // This method is separate and not inlined, because some versions of the .NET library of ONNX Runtime lack a field that it reads. The exception is thus
    // thrown here and not when the caller is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<NodeAssignment> Query(InferenceSession session)
    {
        var api =
            NativeApi.Get(Version)
            ?? throw new NotSupportedException(
                "The placement of nodes is available in ONNX Runtime 1.24 and later. This process uses an older version, or its library was not found."
            );
        nint* subgraphs;
        nuint count;
        api.Check(
            ((delegate* unmanaged<nint, nint**, nuint*, nint>)api.Functions->Session_GetEpGraphAssignmentInfo)(NativeHandle(session), &subgraphs, &count)
        );
        var assignments = new List<NodeAssignment>();
        for (nuint i = 0; i < count; i++)
        {
            var provider = Text(api, api.Functions->EpAssignedSubgraph_GetEpName, subgraphs[i]);
            nint* nodes;
            nuint nodeCount;
            api.Check(((delegate* unmanaged<nint, nint**, nuint*, nint>)api.Functions->EpAssignedSubgraph_GetNodes)(subgraphs[i], &nodes, &nodeCount));
            for (nuint j = 0; j < nodeCount; j++)
                assignments.Add(new NodeAssignment(provider, Text(api, api.Functions->EpAssignedNode_GetOperatorType, nodes[j])));
        }

        GC.KeepAlive(session);
        return assignments;
    }

    private static string Text(NativeApi api, nint function, nint of)
    {
        nint text;
        api.Check(((delegate* unmanaged<nint, nint*, nint>)function)(of, &text));
        return Marshal.PtrToStringUTF8(text) ?? "";
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nativeHandle")]
    private static extern ref nint NativeHandle(InferenceSession session);
}
