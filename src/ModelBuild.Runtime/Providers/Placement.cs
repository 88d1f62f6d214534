using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents the number of nodes that each execution provider runs, and the devices. Nodes are counted after ONNX Runtime has removed constant and redundant
/// nodes, and before it fuses neighbouring nodes.
/// </summary>
public sealed class Placement
{
    /// <summary>
    /// The session option that makes ONNX Runtime record which provider runs each node. Recording takes some hundred bytes for each node and no measurable
    /// time.
    /// </summary>
    internal const string RecordOption = "session.record_ep_graph_assignment_info";

    internal Placement(IReadOnlyList<ProviderPlacement> providers) => Providers = providers;

    /// <summary>Gets the providers that run nodes, ordered by the number of nodes, the largest first.</summary>
    public IReadOnlyList<ProviderPlacement> Providers { get; }

    /// <summary>Gets the number of nodes that the CPU runs, because no other provider supports them or none was requested.</summary>
    public int NodesOnCpu => Providers.Where(provider => provider.Provider == ProviderCatalog.Cpu).Sum(provider => provider.Nodes);

    /// <summary>
    /// Returns the providers, numbers of nodes and devices in one line, such as <c>webgpu 84 nodes (WebGPU_Buf:0), cpu 10 nodes (Cpu AMD 1022:0000)</c>.
    /// </summary>
    public override string ToString() => string.Join(", ", Providers);

    /// <summary>Returns the placement of the nodes of sessions. A fake model has no sessions and no nodes.</summary>
    /// <exception cref="NotSupportedException">The version of ONNX Runtime is lower than 1.24, or its library was not found.</exception>
    internal static Placement Of(IEnumerable<InferenceSession> sessions) =>
        new([
            .. sessions
                .SelectMany(session =>
                    NodeAssignments
                        .Read(session)
                        .GroupBy(node => node.Provider, StringComparer.Ordinal)
                        .Select(nodes => (Nodes: nodes, Device: SessionDevices.Find(session, nodes.Key)))
                )
                .GroupBy(part => (part.Nodes.Key, part.Device), part => part.Nodes)
                .Select(parts => (parts.Key.Key, parts.Key.Device, Nodes: parts.SelectMany(nodes => nodes).ToArray()))
                .Select(part => new ProviderPlacement(
                    ProviderCatalog.ShortName(part.Key),
                    part.Nodes.Length,
                    ProviderCatalog.Find(part.Key)?.ConvertsLayout == true,
                    part.Device,
                    [
                        .. part
                            .Nodes.GroupBy(node => node.Operator, (name, nodes) => KeyValuePair.Create(name, nodes.Count()))
                            .OrderByDescending(count => count.Value)
                            .ThenBy(count => count.Key, StringComparer.Ordinal),
                    ]
                ))
                .OrderByDescending(provider => provider.Nodes),
        ]);

    /// <summary>Returns the provider with the most nodes apart from the CPU, or the CPU if there is no other.</summary>
    internal static string MainProvider(InferenceSession session)
    {
        try
        {
            return Of([session]).Providers.FirstOrDefault(provider => provider.Provider != ProviderCatalog.Cpu)?.Provider ?? ProviderCatalog.Cpu;
        }
        catch (NotSupportedException)
        {
            return SessionDevices.OfInputs(session) is [{ } device, ..] ? ProviderCatalog.ShortName(device.EpName) : ProviderCatalog.Cpu;
        }
    }
}
