using System.CommandLine.Parsing;

namespace ModelBuild.Cli.Commands;

/// <summary>Determines the names that call a command: its own name, after those of the commands that contain it.</summary>
internal static class CommandPath
{
    /// <summary>Returns the names that call a command, separated by spaces; empty for the program itself.</summary>
    public static string Of(CommandResult command) => command.Parent is CommandResult parent ? $"{Of(parent)} {command.Command.Name}".TrimStart() : "";
}
