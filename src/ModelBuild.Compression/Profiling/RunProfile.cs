namespace ModelBuild.Compression.Profiling;

/// <summary>
/// The time of a call by nodes and operators, from the profile of ONNX Runtime. Profiling itself takes time, so that a call is slower than without it.
/// </summary>
/// <param name="Calls">The number of calls that the times are means of.</param>
/// <param name="CallMs">The time of a call in milliseconds.</param>
/// <param name="NodesMs">The time of all nodes in milliseconds. The rest of a call is the time between nodes.</param>
/// <param name="Operators">The operators, the most expensive first.</param>
/// <param name="Nodes">The nodes, the most expensive first.</param>
internal sealed record RunProfile(int Calls, double CallMs, double NodesMs, IReadOnlyList<OperatorTime> Operators, IReadOnlyList<NodeTime> Nodes)
{
    private const int Digits = 6;
    private const double MicrosecondsPerMs = 1000;

    private static readonly string[] OperatorsWithGraphs = ["If", "Loop", "Scan"];

    /// <summary>Returns the mean times of the calls without the first ones, which are warm-ups.</summary>
    /// <param name="events">The events of all calls.</param>
    /// <param name="warmUps">The number of calls at the start that do not count. At least one call follows them.</param>
    public static RunProfile Of(IReadOnlyList<ProfileEvent> events, int warmUps)
    {
        ProfileEvent[] runs = [.. events.Where(one => one.Node is null).OrderBy(run => run.Start)];
        var start = warmUps == 0 ? long.MinValue : runs[warmUps - 1].End;
        var calls = runs.Length - warmUps;
        ProfileEvent[] counted = [.. events.Where(one => one.Node is not null && one.Start >= start)];
        var own = OwnTimes(counted);
        var all = Math.Max(1, own.Values.Sum());
        NodeTime[] nodes =
        [
            .. counted
                .GroupBy(one => (one.Node, one.Operator, one.Provider))
                .Select(node => (node.Key, Time: node.Sum(one => own[one])))
                .OrderByDescending(node => node.Time)
                .ThenBy(node => node.Key.Node, StringComparer.Ordinal)
                .Select(node => new NodeTime(node.Key.Node!, node.Key.Operator, node.Key.Provider, Mean(node.Time), Share(node.Time))),
        ];
        OperatorTime[] operators =
        [
            .. counted
                .GroupBy(one => one.Operator)
                .Select(group => (group.Key, Nodes: group.DistinctBy(one => one.Node).Count(), Time: group.Sum(one => own[one])))
                .OrderByDescending(group => group.Time)
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new OperatorTime(group.Key, group.Nodes, Mean(group.Time), Share(group.Time))),
        ];
        return new RunProfile(calls, Mean(runs.Skip(warmUps).Sum(run => run.Microseconds)), Mean(own.Values.Sum()), operators, nodes);

        double Mean(long microseconds) => Math.Round(microseconds / MicrosecondsPerMs / calls, Digits);
        double Share(long microseconds) => Math.Round((double)microseconds / all, Digits);
    }

    // Returns the time of each node without the time of the nodes in its subgraphs. The measured time of a node with a subgraph, such as a loop, contains the
    // time of the nodes in the subgraph.
    private static Dictionary<ProfileEvent, long> OwnTimes(ProfileEvent[] events)
    {
        var own = new Dictionary<ProfileEvent, long>(ReferenceEqualityComparer.Instance);
        foreach (var thread in events.GroupBy(one => one.Thread))
        {
            var open = new Stack<ProfileEvent>();
            foreach (var one in thread.OrderBy(one => one.Start).ThenByDescending(one => one.Microseconds))
            {
                own[one] = one.Microseconds;
                while (open.TryPeek(out var last) && one.Start >= last.End)
                    open.Pop();
                if (open.TryPeek(out var outer))
                    own[outer] = Math.Max(0, own[outer] - one.Microseconds);
                if (OperatorsWithGraphs.Contains(one.Operator))
                    open.Push(one);
            }
        }

        return own;
    }
}
