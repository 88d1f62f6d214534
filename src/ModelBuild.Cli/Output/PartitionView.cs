using System.Globalization;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Receipts;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows the stages of a model as a table.</summary>
internal static class PartitionView
{
    public static void Show(PartitionFacts partition, string outputPath)
    {
        var all = partition.Stages.Sum(stage => (double)stage.MultiplyAdds);
        var table = new Table().Border(TableBorder.Rounded).AddColumn("stage").AddNumbers("nodes", "multiply-adds", "of all", "bytes", "bytes of its inputs");
        foreach (var (path, stage) in StageFiles.Of(outputPath, partition.Stages.Count).Zip(partition.Stages))
            table.AddRow(
                new TextCell(Path.GetFileName(path)),
                new TextCell(Numbers.Format(stage.Nodes)),
                new TextCell(Numbers.Format(stage.MultiplyAdds)),
                new TextCell(all == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{stage.MultiplyAdds / all:P0}")),
                new TextCell(Numbers.Format(stage.Bytes)),
                new TextCell(Numbers.Format(stage.CrossingBytes))
            );
        Screen.Write(table);
        Screen.WriteLine(
            FidelityFacts.Worst(partition.Fidelity) is { } worst
                ? $"Fidelity of the stages compared with the whole model: {worst.Nearness}."
                : "The stages were not compared with the whole."
        );
    }
}
