using System.Text;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class OutputFileTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_others_wrote_is_never_written_over()
    {
        _host.Write("notes.txt", "of somebody else");
        Assert.Contains("notes.txt is there already", Refusal("notes.txt"), StringComparison.Ordinal);
        Assert.Equal("of somebody else", File.ReadAllText(PathOf("notes.txt")));
    }

    [Fact]
    public void A_file_of_the_same_kind_is_replaced_with_its_mode_and_through_a_link()
    {
        _host.Write("old.csv", "head,er\n1,2\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf("old.csv"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(PathOf("link.csv"), "old.csv");

        Write("link.csv", "head,er\n3,4\n");

        Assert.Equal("head,er\n3,4\n", File.ReadAllText(PathOf("old.csv")));
        Assert.NotNull(new FileInfo(PathOf("link.csv")).LinkTarget);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("old.csv")));
        Assert.Equal(2, Directory.GetFiles(_host.Folder).Length);
    }

    [Fact]
    public void An_end_in_the_midst_leaves_the_old_file_and_nothing_beside_it()
    {
        _host.Write("old.csv", "head,er\n1,2\n");
        using OutputFile file = Check("old.csv");
        Assert.Throws<IOException>(() => file.Write(stream =>
        {
            stream.Write("head"u8);
            throw new IOException("no room");
        }));
        Assert.Equal("head,er\n1,2\n", File.ReadAllText(PathOf("old.csv")));
        Assert.Single(Directory.GetFiles(_host.Folder));
    }

    [Fact]
    public void An_empty_file_and_a_new_one_are_written()
    {
        _host.Write("empty.csv", "");
        Write("empty.csv", "head,er\n");
        Write("new.csv", "head,er\n");
        Assert.Equal("head,er\n", File.ReadAllText(PathOf("empty.csv")));
        Assert.Equal("head,er\n", File.ReadAllText(PathOf("new.csv")));
    }

    [Fact]
    public void A_look_at_a_place_leaves_nothing_there()
    {
        Check("new.csv").Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_host.Folder));
    }

    [Theory]
    [InlineData("", "names no file")]
    [InlineData("folder", "is a folder")]
    [InlineData("new/", "is a folder")]
    [InlineData("nowhere/x.csv", "does not exist")]
    [InlineData("file/x.csv", "is a file")]
    public void A_wrong_place_is_told_before_any_work(string given, string told)
    {
        Directory.CreateDirectory(PathOf("folder"));
        _host.Write("file", "");
        Assert.Contains(told, Refusal(given), StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_host.Folder, name);

    private OutputFile Check(string given) => OutputFile.Check("--out", given, _host.Folder, "head,"u8);

    private string Refusal(string given)
    {
        CommandFailedException refusal = Assert.Throws<CommandFailedException>(() => Check(given));
        Assert.Equal(ExitCodes.Usage, refusal.ExitCode);
        Assert.NotNull(refusal.Hint);
        return refusal.Message;
    }

    private void Write(string given, string text)
    {
        using OutputFile file = Check(given);
        file.Write(stream => stream.Write(Encoding.ASCII.GetBytes(text)));
    }
}
