using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>
/// Writes the nodes of the result as a list in topological order, with the colour of the form that each computes in. Branches are indented. Long lists are
/// divided into groups that open on their own, and a script searches in them.
/// </summary>
internal static class GraphList
{
    /// <summary>The style sheet of the list of nodes.</summary>
    public const string Style = """
        .nodes { list-style: none; padding: 0; margin: .4rem 0; font-size: .9rem; }
        .nodes li { display: flex; flex-wrap: wrap; gap: 0 .7rem; margin: 0; padding: .1rem 0 .1rem .6rem; border-left: .3rem solid var(--c);
          margin-left: calc(var(--l, 0) * 1.1rem); }
        .nodes b { font-weight: 600; min-width: 5rem; } .nodes code { min-width: 0; overflow-wrap: anywhere; } .nodes small { margin-left: auto; }
        .graph details { margin: .3rem 0 .3rem .2rem; } .search input { font: inherit; width: 100%; max-width: 24rem; padding: .35rem .6rem; color: inherit;
          background: var(--soft); border: 1px solid var(--line); border-radius: 5px; }

        """;

    /// <summary>
    /// The script of the search in the list of nodes. It hides nodes whose text does not contain the term, and opens the groups of nodes that contain it.
    /// </summary>
    public const string Script = """
        for (const graph of document.querySelectorAll('.graph')) {
          const field = graph.querySelector('.search'), input = field.querySelector('input'), found = field.querySelector('output');
          field.hidden = false;
          input.addEventListener('input', () => {
            const term = input.value.trim().toLowerCase();
            let count = 0;
            for (const list of graph.querySelectorAll('.nodes')) {
              let here = 0;
              for (const node of list.children) {
                node.hidden = !node.textContent.toLowerCase().includes(term);
                if (!node.hidden) here++;
              }
              count += here;
              const group = list.closest('details.group');
              if (group) { group.hidden = here === 0; group.open = term !== '' && here > 0; }
            }
            found.textContent = term === '' ? '' : count + ' found';
          });
        }
        """;

    /// <summary>Appends the list of the result's nodes to an HTML page.</summary>
    public static void Append(StringBuilder page, InspectionFacts inspection)
    {
        if (inspection.Graph.Count == 0)
            return;
        page.Append(
            CultureInfo.InvariantCulture,
            $"<h3>The graph</h3>\n<details class=\"graph\"><summary>{inspection.Graph.Count + inspection.OtherNodes:N0} nodes: "
                + $"{Forms(inspection.Graph)}</summary>\n"
                + $"<p class=\"search\" hidden><label>Search <input type=\"search\" placeholder=\"name, operator or form\"></label> <output></output></p>\n"
        );
        var groups = GraphGroups.Of(inspection.Graph);
        foreach (var (name, nodes) in groups)
        {
            if (groups.Count > 1)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<details class=\"group\"><summary><code>{Html.Text(name)}</code> {nodes.Count:N0} nodes: {Forms(nodes)}</summary>\n"
                );
            page.Append("<ol class=\"nodes\">\n");
            foreach (var node in nodes)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<li class=\"{FormWords.Class(node.RunsAs)}\"{(node.Level == 0 ? "" : $" style=\"--l:{node.Level}\"")}><b>{Html.Text(node.Operator)}</b> "
                        + $"<code>{Html.Text(node.Name)}</code> <small>{FormWords.Of(node.RunsAs)}</small></li>\n"
                );
            page.Append(groups.Count > 1 ? "</ol>\n</details>\n" : "</ol>\n");
        }

        if (inspection.OtherNodes > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">{inspection.OtherNodes:N0} more nodes follow.</p>\n");
        page.Append("</details>\n");
    }

    private static string Forms(IEnumerable<GraphNodeFacts> nodes) =>
        string.Join(
            ", ",
            nodes
                .GroupBy(node => node.RunsAs)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count():N0} {FormWords.Of(group.Key)}"))
        );
}
