using System.CommandLine;
using ModelBuild.Compression.Compilers.Tables;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild export</c>: writes a model in the form that another server or compiler takes.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var command = new Command("export", "Writes a model as another server or compiler takes it.") { ExportTritonCommand.Create() };
        foreach (var compiler in CompilerCatalog.All)
            command.Subcommands.Add(ExportCompilerCommand.Create(compiler));
        return command;
    }
}
